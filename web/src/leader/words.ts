// Import this in every part of the app that uses texts of zh/leader.ts.
import { addTexts } from "../texts";
import { zhLeader } from "../texts/zh/leader";

addTexts(zhLeader, () => import("../texts/en/leader").then((part) => part.enLeader));
