// Import this in every part of the app that uses texts of zh/settings.ts.
import { addTexts } from "../../texts";
import { zhSettings } from "../../texts/zh/settings";

addTexts(zhSettings, () => import("../../texts/en/settings").then((part) => part.enSettings));
