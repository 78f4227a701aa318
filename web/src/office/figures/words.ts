// Import this in every part of the app that uses texts of zh/figures.ts.
import { addTexts } from "../../texts";
import { zhFigures } from "../../texts/zh/figures";

addTexts(zhFigures, () => import("../../texts/en/figures").then((part) => part.enFigures));
