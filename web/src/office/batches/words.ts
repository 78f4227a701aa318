// Import this in every part of the app that uses texts of zh/batches.ts.
import { addTexts } from "../../texts";
import { zhBatches } from "../../texts/zh/batches";

addTexts(zhBatches, () => import("../../texts/en/batches").then((part) => part.enBatches));
