// Tests draw parts of the app by themselves; in the app these words come with whichever is opened first.
import "../src/texts/withForms";
