/** What other modules' tests may use of fhir's. */
export { profileFolders } from "./profile-packages.ts";
export { officialExamples } from "./examples.ts";
