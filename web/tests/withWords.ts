// Tests render parts of the app; in the app these texts are loaded with the first form.
import "../src/texts/withForms";

// A test that gives no answers has no network: a request that really left could end when its test has long been over.
globalThis.fetch = () => Promise.reject(new TypeError("no network"));
