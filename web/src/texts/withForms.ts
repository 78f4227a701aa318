// For every part of the app that says words of zhForms.ts: import it there.
import { addTexts } from ".";
import { zhForms } from "./zh/forms";

addTexts(zhForms);
