// Import this in every part of the app that uses texts of zh/forms.ts.
import { addTexts } from ".";
import { zhForms } from "./zh/forms";

addTexts(zhForms);
