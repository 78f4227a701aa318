// Import this in every part of the app that uses texts of zh/selfFound.ts.
import { addTexts } from "../texts";
import { zhSelfFound } from "../texts/zh/selfFound";

addTexts(zhSelfFound, () => import("../texts/en/selfFound").then((part) => part.enSelfFound));
