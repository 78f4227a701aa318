// Import this in every part of the app that uses texts of zh/plans.ts.
import "../../needs/words";
import { addTexts } from "../../texts";
import { zhPlans } from "../../texts/zh/plans";

addTexts(zhPlans, () => import("../../texts/en/plans").then((part) => part.enPlans));
