// Tests render parts of the app; in the app these texts are loaded with the first form.
import "../src/texts/withForms";
