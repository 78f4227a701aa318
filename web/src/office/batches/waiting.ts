// How many batches wait for this person: for the overview, which loads nothing else of them.
import { readBatches } from "../../api/batches";
import { session } from "../../session/session";
import { civilDay } from "../../time/civil";
import { serverNow } from "../../time/moment";
import { isMine } from "./steps";

export async function batchesWaiting(): Promise<number> {
  const me = session.value?.user.id ?? "";
  const today = civilDay(serverNow());
  // Older ones are over.
  return (await readBatches(null)).items.filter((batch) => isMine(batch, me, today)).length;
}
