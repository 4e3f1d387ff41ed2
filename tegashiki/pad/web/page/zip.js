// A zip of small texts, stored without compression (PKWARE's APPNOTE, 4.3): enough for an export.

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? (byte >>> 1) ^ 0xedb88320 : byte >>> 1;
  return byte;
});
const DATE = ((2026 - 1980) << 9) | (1 << 5) | 1;    // the same bytes for the same content

/** Files as [name, text] pairs -> the bytes of a zip. */
export function zip(files) {
  const encoder = new TextEncoder(), parts = [], directory = [];
  let offset = 0;
  for (const [name, text] of files) {
    const path = encoder.encode(name), content = encoder.encode(text);
    const common = [u16(20), u16(0x0800), u16(0), u16(0), u16(DATE), u32(crc(content)),
      u32(content.length), u32(content.length), u16(path.length), u16(0)];
    const entry = join([u32(0x04034b50), ...common, path, content]);
    directory.push(join([u32(0x02014b50), u16(20), ...common, u16(0), u16(0), u16(0), u32(0),
      u32(offset), path]));
    parts.push(entry);
    offset += entry.length;
  }
  const index = join(directory);
  return join([...parts, index, u32(0x06054b50), u16(0), u16(0), u16(files.length),
    u16(files.length), u32(index.length), u32(offset), u16(0)]);
}

function crc(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = CRC[(sum ^ byte) & 255] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

const u16 = (value) => Uint8Array.of(value & 255, (value >>> 8) & 255);
const u32 = (value) => Uint8Array.of(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24);

function join(parts) {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const part of parts) { all.set(part, place); place += part.length; }
  return all;
}
