// Import this in every part of the app that uses texts of zh/needs.ts.
import { addTexts } from "../texts";
import { zhNeeds } from "../texts/zh/needs";

addTexts(zhNeeds, () => import("../texts/en/needs").then((part) => part.enNeeds));
