// Import this in every part of the app that uses texts of zh/names.ts.
import { addTexts } from "../../texts";
import { zhNames } from "../../texts/zh/names";

addTexts(zhNames, () => import("../../texts/en/names").then((part) => part.enNames));
