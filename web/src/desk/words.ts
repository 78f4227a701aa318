// Import this in every part of the app that uses texts of zh/desk.ts.
import { addTexts } from "../texts";
import { zhDesk } from "../texts/zh/desk";

addTexts(zhDesk, () => import("../texts/en/desk").then((part) => part.enDesk));
