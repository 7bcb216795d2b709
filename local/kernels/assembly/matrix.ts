/**
 * Packed, blocked matrix multiplication, after Goto and van de Geijn (2008): the right matrix is packed once into panels of
 * eight columns, the left one block by block into panels of four rows, and a 4 x 8 tile of C stays in eight registers while
 * one panel runs past the other (V8 spills larger tiles: 6 x 8 measured a fifth slower). All transposes are strides given to the packing. Matrices are float32.
 */
import { madd4 } from "./fused";

const tileRows: i32 = 4;
const tileColumns: i32 = 8;
const blockRows: i32 = 96; // of the left matrix packed at a time: 96 x 256 floats stay in the second-level cache
const blockDepth: i32 = 256; // a right panel of 256 x 8 floats stays in the first-level cache

/**
 * Packs B (depth x columns; element (k, j) at b + 4 (k * bRow + j * bColumn)) into panels of eight columns, the last filled up with zeros.
 * `packed` takes depth * 8 * ceil(columns / 8) floats.
 */
export function packRight(b: usize, bRow: i32, bColumn: i32, depth: i32, columns: i32, packed: usize): void {
  for (let j = 0; j < columns; j += tileColumns) {
    const width = min(tileColumns, columns - j);
    const source = b + 4 * (<usize>j * bColumn);
    if (width === tileColumns && bColumn === 1) {
      for (let k = 0; k < depth; k++) {
        const from = source + 4 * (<usize>k * bRow);
        v128.store(packed, v128.load(from));
        v128.store(packed, v128.load(from, 16), 16);
        packed += 32;
      }
    } else {
      for (let k = 0; k < depth; k++) {
        const from = source + 4 * (<usize>k * bRow);
        for (let x = 0; x < width; x++) store<f32>(packed + 4 * x, load<f32>(from + 4 * (<usize>x * bColumn)));
        for (let x = width; x < tileColumns; x++) store<f32>(packed + 4 * x, 0);
        packed += 32;
      }
    }
  }
}

/** Packs `rows` x `depth` of A into panels of four rows, the last filled up with zeros. */
function packLeft(a: usize, aRow: i32, aColumn: i32, rows: i32, depth: i32, packed: usize): void {
  for (let i = 0; i < rows; i += tileRows) {
    const height = min(tileRows, rows - i);
    if (aRow === 1 && height === tileRows) { // a transposed left matrix: four rows lie next to each other
      let from = a + 4 * <usize>i;
      for (let k = 0; k < depth; k++) {
        v128.store(packed + 16 * k, v128.load(from));
        from += 4 * aColumn;
      }
      packed += 4 * tileRows * depth;
      continue;
    }
    for (let x = 0; x < height; x++) {
      let from = a + 4 * (<usize>(i + x) * aRow);
      let to = packed + 4 * x;
      for (let k = 0; k < depth; k++) {
        store<f32>(to, load<f32>(from));
        from += 4 * aColumn;
        to += 4 * tileRows;
      }
    }
    for (let x = height; x < tileRows; x++) {
      for (let k = 0; k < depth; k++) store<f32>(packed + 4 * (k * tileRows + x), 0);
    }
    packed += 4 * tileRows * depth;
  }
}

/** C[4 x 8] (+)= left panel · right panel, rows of C being `cRow` bytes apart. Written out, so that C stays in registers. */
// @ts-ignore: decorator
@inline
function multiplyTile(left: usize, right: usize, depth: i32, c: usize, cRow: usize, accumulate: i32): void {
  const zero = f32x4.splat(0);
  let c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero;
  for (let k = 0; k < depth; k++) {
    const b0 = v128.load(right), b1 = v128.load(right, 16);
    const a0 = v128.load_splat<f32>(left);
    c00 = madd4(a0, b0, c00);
    c01 = madd4(a0, b1, c01);
    const a1 = v128.load_splat<f32>(left, 4);
    c10 = madd4(a1, b0, c10);
    c11 = madd4(a1, b1, c11);
    const a2 = v128.load_splat<f32>(left, 8);
    c20 = madd4(a2, b0, c20);
    c21 = madd4(a2, b1, c21);
    const a3 = v128.load_splat<f32>(left, 12);
    c30 = madd4(a3, b0, c30);
    c31 = madd4(a3, b1, c31);
    left += 4 * tileRows;
    right += 4 * tileColumns;
  }
  if (accumulate) {
    c00 = f32x4.add(c00, v128.load(c));
    c01 = f32x4.add(c01, v128.load(c, 16));
    c10 = f32x4.add(c10, v128.load(c + 1 * cRow));
    c11 = f32x4.add(c11, v128.load(c + 1 * cRow, 16));
    c20 = f32x4.add(c20, v128.load(c + 2 * cRow));
    c21 = f32x4.add(c21, v128.load(c + 2 * cRow, 16));
    c30 = f32x4.add(c30, v128.load(c + 3 * cRow));
    c31 = f32x4.add(c31, v128.load(c + 3 * cRow, 16));
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c + 1 * cRow, c10);
  v128.store(c + 1 * cRow, c11, 16);
  v128.store(c + 2 * cRow, c20);
  v128.store(c + 2 * cRow, c21, 16);
  v128.store(c + 3 * cRow, c30);
  v128.store(c + 3 * cRow, c31, 16);
}

/** A tile at the edge of C: computed whole into `scratch`, of which only the part inside C is written. */
function multiplyEdgeTile(
  left: usize, right: usize, depth: i32, c: usize, cRow: usize, rows: i32, columns: i32, accumulate: i32, scratch: usize,
): void {
  multiplyTile(left, right, depth, scratch, 4 * tileColumns, 0);
  for (let i = 0; i < rows; i++) {
    const from = scratch + 4 * tileColumns * i;
    const to = c + cRow * i;
    for (let j = 0; j < columns; j++) {
      const value = load<f32>(from + 4 * j);
      store<f32>(to + 4 * j, accumulate ? load<f32>(to + 4 * j) + value : value);
    }
  }
}

/**
 * C (+)= A · B for a packed B. A is rows x depth with element (i, k) at a + 4 (i * aRow + k * aColumn); C is row-major with rows
 * `cRow` floats apart. `scratch` takes 24,640 floats.
 */
export function multiplyPacked(
  a: usize, aRow: i32, aColumn: i32, packed: usize, c: usize, cRow: i32,
  rows: i32, depth: i32, columns: i32, accumulate: i32, scratch: usize,
): void {
  const edge = scratch + 4 * blockRows * blockDepth;
  for (let k = 0; k < depth; k += blockDepth) {
    const deep = min(blockDepth, depth - k);
    const adding = accumulate | i32(k > 0);
    for (let i = 0; i < rows; i += blockRows) {
      const high = min(blockRows, rows - i);
      packLeft(a + 4 * (<usize>i * aRow + <usize>k * aColumn), aRow, aColumn, high, deep, scratch);
      for (let j = 0; j < columns; j += tileColumns) {
        const right = packed + 4 * (<usize>j * depth + <usize>k * tileColumns);
        const wide = min(tileColumns, columns - j);
        for (let x = 0; x < high; x += tileRows) {
          const left = scratch + 4 * (<usize>x * deep);
          const tile = c + 4 * (<usize>(i + x) * cRow + j);
          const tall = min(tileRows, high - x);
          if (tall === tileRows && wide === tileColumns) multiplyTile(left, right, deep, tile, 4 * cRow, adding);
          else multiplyEdgeTile(left, right, deep, tile, 4 * cRow, tall, wide, adding, edge);
        }
      }
    }
  }
}

/** y (+)= x · B for one row x and a packed B: two panels at a time in four accumulators. `y` must have room for whole panels. */
export function multiplyRow(x: usize, packed: usize, y: usize, depth: i32, columns: i32, accumulate: i32): void {
  const panel = <usize>depth * 32;
  for (let j = 0; j < columns; j += 2 * tileColumns) {
    const first = packed + <usize>(j / tileColumns) * panel;
    const second = j + tileColumns < columns ? first + panel : first;
    let y0 = f32x4.splat(0), y1 = f32x4.splat(0), y2 = f32x4.splat(0), y3 = f32x4.splat(0);
    for (let k: usize = 0; k < <usize>depth; k++) {
      const a = v128.load_splat<f32>(x + 4 * k);
      y0 = madd4(a, v128.load(first + 32 * k), y0);
      y1 = madd4(a, v128.load(first + 32 * k, 16), y1);
      y2 = madd4(a, v128.load(second + 32 * k), y2);
      y3 = madd4(a, v128.load(second + 32 * k, 16), y3);
    }
    const to = y + <usize>j * 4;
    v128.store(to, accumulate ? f32x4.add(v128.load(to), y0) : y0);
    v128.store(to, accumulate ? f32x4.add(v128.load(to, 16), y1) : y1, 16);
    if (second === first) continue;
    v128.store(to, accumulate ? f32x4.add(v128.load(to, 32), y2) : y2, 32);
    v128.store(to, accumulate ? f32x4.add(v128.load(to, 48), y3) : y3, 48);
  }
}
