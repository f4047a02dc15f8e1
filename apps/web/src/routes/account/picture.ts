/** Pictures as the graph takes them: the middle of one as a small JPEG, so that a photo of any size can be sent. */

/** Twice of what the graph keeps, in pixels. */
const SIDE = 512;
const QUALITY = 0.9;

/** Returns a JPEG as base64; null for a file that the browser cannot read as a picture. */
export async function squareOf(file: Blob): Promise<string | null> {
  const picture = await createImageBitmap(file).catch(() => null);
  if (picture === null) return null;
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  const context = canvas.getContext("2d");
  if (context === null) return null;
  const side = Math.min(picture.width, picture.height);
  // A JPEG has no transparency.
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, SIDE, SIDE);
  context.drawImage(picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side, 0, 0, SIDE, SIDE);
  picture.close();
  return base64Of(await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY }));
}

function base64Of(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^.*,/, ""));
    reader.onerror = () => reject(reader.error ?? new Error("The picture cannot be read."));
    reader.readAsDataURL(blob);
  });
}
