/** What `init` is called with. `folder`: the app's. `forced`: files to be written anew though they were changed. */
export type InitOptions = {
  folder: string;
  isDryRun: boolean;
  forced: string[];
  migration: string | undefined;
  isOnline: boolean;
  definitions: string[];
};
