// Pictures that must be loaded before a page is printed.

/** Those that have neither come nor failed yet. */
export const pendingPictures = (within: ParentNode): HTMLImageElement[] =>
  Array.from(within.querySelectorAll("img")).filter((picture) => !picture.complete);

/** Resolves when every picture has come or failed, also those that are drawn while others are waited for. */
export async function whenSettled(within: ParentNode): Promise<void> {
  for (let open = pendingPictures(within); open.length > 0; open = pendingPictures(within))
    await Promise.all(open.map(settled));
}

const settled = (picture: HTMLImageElement): Promise<void> =>
  new Promise((resolve) => {
    if (picture.complete) return resolve();
    for (const name of ["load", "error"]) picture.addEventListener(name, () => resolve(), { once: true });
  });
