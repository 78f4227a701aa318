// Texts about who keeps names, in English.
import type { KeeperKey } from "..";

export const enKeeper: Record<KeeperKey, string> = {
  "keeper.title": "Keeper of names",
  "keeper.is": "May ask for the names behind code names.",
  "keeper.isNot": "Is no keeper.",
  "keeper.make": "Make a keeper",
  "keeper.dismiss": "No keeper any more",
};
