// What is different in a candidate: the places of its symbols that the best one does not have.

/**
 * Places in `packed` of symbols that are not in a longest common subsequence with `other`. Where what
 * opens a row differs (a script, a root), all of the row does.
 * @param {string[]} packed
 * @param {string[]} other
 * @returns {Set<number>}
 */
export function differing(packed, other) {
  const rows = packed.length, columns = other.length;
  const common = Array.from({ length: rows + 1 }, () => new Uint16Array(columns + 1));
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      common[i][j] = packed[i] === other[j] ? common[i + 1][j + 1] + 1
        : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  const places = new Set(), inside = [];
  for (let i = 0, j = 0; i < rows;) {
    const same = j < columns && packed[i] === other[j] && common[i][j] === common[i + 1][j + 1] + 1;
    if (!same && j < columns && common[i][j + 1] >= common[i + 1][j]) { j++; continue; }
    if (packed[i] === "}" || /^\\end/.test(packed[i])) inside.pop();
    else {
      if (!same || inside.includes(true)) places.add(i);
      if (/[{[]$/.test(packed[i]) && packed[i] !== "]{" && packed[i] !== "}{" && packed[i] !== "\\{") inside.push(!same);
    }
    i++;
    if (same) j++;
  }
  return places;
}
