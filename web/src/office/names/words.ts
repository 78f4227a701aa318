// Import this in every part of the app that uses texts of zh/codeNames.ts.
import { addTexts } from "../../texts";
import { zhCodeNames } from "../../texts/zh/codeNames";

addTexts(zhCodeNames, () => import("../../texts/en/codeNames").then((part) => part.enCodeNames));
