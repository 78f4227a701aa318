import { write } from "./database";

export function keepPreview(id: string, preview: ArrayBuffer): Promise<void> {
  // The photo may have been removed meanwhile and must not come back without its bytes.
  return write(["photos"], async (tx) => {
    const photo = await tx.objectStore("photos").get(id);
    if (photo) await tx.objectStore("photos").put({ ...photo, preview });
  });
}
