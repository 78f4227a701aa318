// Photos to test with, without anybody's pictures in the repository.

/** A grey gradient; a comment in the file makes each one different. */
const GRADIENT =
  "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6j" +
  "q62rZ4C8ybqmx5moq6T/wAALCAAkADABASIA/8QAFgABAQEAAAAAAAAAAAAAAAAAAAQD/8QAFxABAQEBAAAAAAAAAAAAAAAAABIB" +
  "Ef/aAAgBAQAAPwDOyyyyy01lllllp7LLLLLTWWWWWWw7p3TundO6d1//2Q==";

export function jpeg(seed: number, paddingBytes = 0): Uint8Array {
  const picture = Buffer.from(GRADIENT, "base64");
  const comments: Buffer[] = [];
  const note = Buffer.from(`photo ${seed}`);
  const pieces = [
    note,
    ...Array.from({ length: Math.ceil(paddingBytes / 60_000) }, (_, at) =>
      Buffer.alloc(Math.min(60_000, paddingBytes - at * 60_000), seed % 256),
    ),
  ];
  for (const piece of pieces) {
    const head = Buffer.from([0xff, 0xfe, 0, 0]);
    head.writeUInt16BE(piece.length + 2, 2);
    comments.push(head, piece);
  }
  return Uint8Array.from(Buffer.concat([picture.subarray(0, 2), ...comments, picture.subarray(2)]));
}
