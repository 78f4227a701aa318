// Import this in every part of the app that uses texts of zh/office.ts.
import { addTexts } from "../texts";
import { zhOffice } from "../texts/zh/office";

addTexts(zhOffice, () => import("../texts/en/office").then((part) => part.enOffice));
