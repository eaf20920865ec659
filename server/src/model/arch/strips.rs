//! Q4_K and Q6_K matrices for one row or a few, laid so that memory is read in one stream as fast as it goes.
//!
//! A strip is sixteen rows of the matrix: a vector has a lane for each. Rows of the input are rounded to 8 bits for every
//! 256 columns, as llama.cpp's `Q8_K` is; sums are whole numbers until a scale is applied. A row gives the same bits in any
//! company. Formats: <https://github.com/ggml-org/llama.cpp/blob/master/ggml/src/ggml-common.h> (`block_q4_K`, `block_q6_K`).

#[cfg(target_arch = "x86_64")]
mod x86;

use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Result, bail};

use super::simd::spread;

/// Rows of a strip.
const LANES: usize = 16;
/// Columns of a block.
const COLUMNS: usize = 256;
/// Strips that a thread takes at a time.
const PIECE: usize = 8;

/// Bytes of a block of one row in the file: scale and least value, 6-bit scales, nibbles.
const Q4_BLOCK: usize = 144;
/// Bytes of a block of one row in the file: nibbles, the two bits above them, scales, scale of all.
const Q6_BLOCK: usize = 210;
/// Bytes of a block of a strip: 2 × 16 halves; scales, then least values, of 4 pairs of sub-blocks; nibbles.
const Q4_STRIP: usize = 2_368;
/// Bytes of a block of a strip: 16 halves; scales of 8 pairs of sub-blocks; for each half pair nibbles and upper bits.
const Q6_STRIP: usize = 3_360;

/// How numbers are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// Sub-blocks of 32 columns with a 6-bit scale and least value each.
    Q4K,
    /// Sub-blocks of 16 columns with an 8-bit scale each.
    Q6K,
}

/// A matrix in strips.
#[derive(Debug)]
pub(super) struct Strips {
    /// How its numbers are stored.
    pub(super) format: Format,
    rows: usize,
    blocks: usize,
    bytes: Vec<u8>,
    processor: Processor,
}

/// What computes.
#[derive(Clone, Copy, Debug)]
enum Processor {
    /// With vectors of 256 bits.
    #[cfg(target_arch = "x86_64")]
    V3(pulp::x86::V3),
    /// With vectors of 512 bits.
    #[cfg(target_arch = "x86_64")]
    V4(pulp::x86::V4),
}

/// A row of the input in 8 bits, in the order in which a format meets its columns.
struct Row {
    blocks: Vec<RowBlock>,
}

/// Its 256 columns.
struct RowBlock {
    /// Four columns each: two of one sub-block, and the same two of the next.
    columns: [i32; COLUMNS / 4],
    /// The sums of two sub-blocks each, in 16 bits.
    sums: [i32; 8],
    /// What one of its numbers is worth.
    scale: f32,
}

impl Format {
    /// The format of candle's, where strips are made of it.
    fn of(dtype: GgmlDType) -> Option<Self> {
        match dtype {
            GgmlDType::Q4K => Some(Self::Q4K),
            GgmlDType::Q6K => Some(Self::Q6K),
            _ => None,
        }
    }

    /// Columns of a sub-block.
    fn width(self) -> usize {
        match self {
            Self::Q4K => 32,
            Self::Q6K => 16,
        }
    }

    /// Bytes of a block of one row.
    fn block(self) -> usize {
        match self {
            Self::Q4K => Q4_BLOCK,
            Self::Q6K => Q6_BLOCK,
        }
    }

    /// Bytes of a block of a strip.
    fn strip(self) -> usize {
        match self {
            Self::Q4K => Q4_STRIP,
            Self::Q6K => Q6_STRIP,
        }
    }
}

impl Strips {
    /// The matrix in strips, where this processor multiplies them.
    ///
    /// # Errors
    /// What candle says.
    pub(super) fn of(tensor: &QTensor) -> Result<Option<Self>> {
        match Processor::here() {
            Some(processor) => Self::on(processor, tensor),
            None => Ok(None),
        }
    }

    fn on(processor: Processor, tensor: &QTensor) -> Result<Option<Self>> {
        let (rows, columns) = tensor.shape().dims2()?;
        let Some(format) = Format::of(tensor.dtype()).filter(|_| tensor.device().is_cpu()) else {
            return Ok(None);
        };
        if !rows.is_multiple_of(LANES) || !columns.is_multiple_of(COLUMNS) {
            return Ok(None);
        }
        let blocks = columns / COLUMNS;
        let data = tensor.data()?;
        if data.len() != rows * blocks * format.block() {
            bail!("a matrix of {rows} rows and {columns} columns has {} bytes", data.len());
        }
        let mut bytes = vec![0; rows / LANES * blocks * format.strip()];
        let strips = bytes.chunks_exact_mut(blocks * format.strip());
        spread(strips.zip(data.chunks_exact(LANES * blocks * format.block())).collect(), |(strip, rows)| {
            lay(format, blocks, rows, strip);
        });
        Ok(Some(Self { format, rows, blocks, bytes, processor }))
    }

    /// Rows (m × columns) through the matrix: m × rows.
    pub(super) fn multiply(&self, input: &[f32]) -> Vec<f32> {
        let rows: Vec<Row> =
            input.chunks_exact(self.blocks * COLUMNS).map(|row| Row::new(row, self.format)).collect();
        let [product] = multiply([self], &[&rows]);
        product
    }

    /// One row through matrices of the same columns.
    pub(super) fn multiply_together<const N: usize>(matrices: [&Self; N], row: &[f32]) -> [Vec<f32>; N] {
        let of = |format| {
            let is_met = matrices.iter().any(|matrix| matrix.format == format);
            if is_met { vec![Row::new(row, format)] } else { Vec::new() }
        };
        let (q4, q6) = (of(Format::Q4K), of(Format::Q6K));
        let rows = matrices.map(|matrix| match matrix.format {
            Format::Q4K => q4.as_slice(),
            Format::Q6K => q6.as_slice(),
        });
        multiply(matrices, &rows)
    }
}

/// For each matrix its rows of the input through it.
fn multiply<const N: usize>(matrices: [&Strips; N], rows: &[&[Row]; N]) -> [Vec<f32>; N] {
    // Strips are computed side by side, all rows of the input over each, and then laid into rows.
    let mut out: [Vec<f32>; N] = std::array::from_fn(|n| vec![0.0; rows[n].len() * matrices[n].rows]);
    let mut units = Vec::new();
    for ((matrix, rows), out) in matrices.into_iter().zip(rows).zip(&mut out) {
        let piece = PIECE * matrix.blocks * matrix.format.strip();
        let outs = out.chunks_mut((PIECE * LANES * rows.len()).max(1));
        units.extend(matrix.bytes.chunks(piece).zip(outs).map(|(bytes, out)| (matrix, *rows, bytes, out)));
    }
    spread(units, |(matrix, rows, bytes, out)| matrix.processor.multiply(matrix, bytes, rows, out));
    let mut matrices = matrices.into_iter().zip(rows);
    out.map(|out| match matrices.next() {
        Some((matrix, rows)) if rows.len() > 1 => in_rows(&out, rows.len(), matrix.rows),
        _ => out,
    })
}

/// From strips, each with all `m` rows of the input, to rows of `n`.
fn in_rows(strips: &[f32], m: usize, n: usize) -> Vec<f32> {
    let mut out = vec![0.0; m * n];
    for (strip, values) in strips.chunks_exact(m * LANES).enumerate() {
        for (row, values) in values.chunks_exact(LANES).enumerate() {
            let at = row * n + strip * LANES;
            out[at..at + LANES].copy_from_slice(values);
        }
    }
    out
}

impl Processor {
    fn here() -> Option<Self> {
        Self::all().into_iter().next()
    }

    /// What this machine has, widest first.
    fn all() -> Vec<Self> {
        #[cfg(target_arch = "x86_64")]
        {
            let narrow = pulp::x86::V3::try_new().map(Self::V3);
            pulp::x86::V4::try_new().map(Self::V4).into_iter().chain(narrow).collect()
        }
        #[cfg(not(target_arch = "x86_64"))]
        Vec::new()
    }

    /// All rows of the input through some strips; `out` has sixteen products for each strip and row.
    fn multiply(self, matrix: &Strips, bytes: &[u8], rows: &[Row], out: &mut [f32]) {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::V3(simd) => simd.vectorize(x86::Product { lanes: simd, matrix, bytes, rows, out }),
            #[cfg(target_arch = "x86_64")]
            Self::V4(simd) => simd.vectorize(x86::Product { lanes: simd, matrix, bytes, rows, out }),
        }
    }
}

impl Row {
    fn new(values: &[f32], format: Format) -> Self {
        Self {
            blocks: values.as_chunks().0.iter().map(|block| RowBlock::new(block, format.width())).collect(),
        }
    }
}

impl RowBlock {
    fn new(values: &[f32; COLUMNS], width: usize) -> Self {
        let greatest = values.iter().fold(0.0, |greatest: f32, value| greatest.max(value.abs()));
        let per_unit = if greatest > 0.0 { 127.0 / greatest } else { 0.0 };
        let bytes: [i8; COLUMNS] = values.map(|value| (value * per_unit).round_ties_even() as i8);
        let groups = width / 2;
        let columns = std::array::from_fn(|at| {
            let first = at / groups * 2 * width + at % groups * 2;
            let four = [bytes[first], bytes[first + 1], bytes[first + width], bytes[first + width + 1]];
            i32::from_le_bytes(four.map(i8::cast_unsigned))
        });
        let sum = |part: &[i8]| part.iter().map(|&byte| i16::from(byte)).sum::<i16>();
        let mut sums = [0; 8];
        for (pair, bytes) in sums.iter_mut().zip(bytes.chunks_exact(2 * width)) {
            *pair = i32::from(sum(&bytes[..width])) & 0xFFFF | i32::from(sum(&bytes[width..])) << 16;
        }
        Self { columns, sums, scale: greatest / 127.0 }
    }
}

/// Lays sixteen rows of blocks into a strip.
fn lay(format: Format, blocks: usize, rows: &[u8], strip: &mut [u8]) {
    for (lane, row) in rows.chunks_exact(blocks * format.block()).enumerate() {
        let strips = strip.chunks_exact_mut(format.strip());
        for (block, strip) in row.chunks_exact(format.block()).zip(strips) {
            match format {
                Format::Q4K => lay_q4(block, lane, strip),
                Format::Q6K => lay_q6(block, lane, strip),
            }
        }
    }
}

fn lay_q4(block: &[u8], lane: usize, strip: &mut [u8]) {
    strip[2 * lane..][..2].copy_from_slice(&block[..2]);
    strip[32 + 2 * lane..][..2].copy_from_slice(&block[2..4]);
    let packed = &block[4..16];
    for sub in 0..8 {
        // The first four have six bits in a byte each; the others four bits, and two above those of the first.
        let (scale, least) = match sub {
            0..4 => (packed[sub] & 63, packed[sub + 4] & 63),
            _ => (
                packed[sub + 4] & 15 | packed[sub - 4] >> 6 << 4,
                packed[sub + 4] >> 4 | packed[sub] >> 6 << 4,
            ),
        };
        let at = 64 + sub / 2 * 32 + 2 * lane + sub % 2;
        strip[at] = scale;
        strip[at + 128] = least;
    }
    for (pair, nibbles) in block[16..].chunks_exact(32).enumerate() {
        for group in 0..8 {
            let to = &mut strip[320 + pair * 512 + group * 64 + 4 * lane..][..4];
            for side in 0..2 {
                let (near, far) = (nibbles[2 * group + side], nibbles[2 * group + 16 + side]);
                to[side] = near & 15 | far << 4;
                to[2 + side] = near >> 4 | far & 0xF0;
            }
        }
    }
}

fn lay_q6(block: &[u8], lane: usize, strip: &mut [u8]) {
    strip[2 * lane..][..2].copy_from_slice(&block[208..210]);
    for (sub, &scale) in block[192..208].iter().enumerate() {
        strip[32 + sub / 2 * 32 + 2 * lane + sub % 2] = scale;
    }
    let value = |column: usize| {
        let (half, quarter, at) = (column / 128, column % 128 / 32, column % 32);
        let low = block[half * 64 + quarter % 2 * 32 + at] >> (quarter / 2 * 4) & 15;
        let high = block[128 + half * 32 + at] >> (2 * quarter) & 3;
        (low, high)
    };
    for half_pair in 0..16 {
        let to = &mut strip[288 + half_pair * 192..][..192];
        for group in 0..4 {
            let first = half_pair / 2 * 32 + half_pair % 2 * 8 + 2 * group;
            for (byte, column) in [first, first + 1, first + 16, first + 17].into_iter().enumerate() {
                let (low, high) = value(column);
                let at = 4 * lane + byte;
                to[group / 2 * 64 + at] |= low << (group % 2 * 4);
                to[128 + at] |= high << (2 * group);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use candle_core::{Device, Tensor};

    use super::*;

    /// Numbers without a pattern between -1 and 1.
    fn noise(count: usize, seed: u32) -> Vec<f32> {
        let mut state = seed;
        let next = |_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 23) as f32 - 1.0
        };
        (0..count).map(next).collect()
    }

    fn matrix(dtype: GgmlDType, rows: usize, columns: usize) -> QTensor {
        let values = Tensor::from_vec(noise(rows * columns, 7), (rows, columns), &Device::Cpu).unwrap();
        QTensor::quantize(&values, dtype).unwrap()
    }

    #[test]
    fn products_are_those_of_the_dequantised_matrix_but_for_rounded_rows() {
        for dtype in [GgmlDType::Q4K, GgmlDType::Q6K] {
            let (rows, columns) = (272, 768);
            let matrix = matrix(dtype, rows, columns);
            let wide = matrix.dequantize(&Device::Cpu).unwrap();
            let input = noise(3 * columns, 3);
            let rows_of_input = Tensor::from_vec(input.clone(), (3, columns), &Device::Cpu).unwrap();
            let wanted = rows_of_input.matmul(&wide.t().unwrap()).unwrap().flatten_all().unwrap();
            let wanted = wanted.to_vec1::<f32>().unwrap();
            for processor in Processor::all() {
                let strips = Strips::on(processor, &matrix).unwrap().unwrap();
                let product = strips.multiply(&input);
                let furthest = product.iter().zip(&wanted).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                // The spread of the products is about 9.
                assert!(furthest < 0.15, "{dtype:?} on {processor:?}: off by {furthest}");
                let alone: Vec<f32> = input
                    .chunks(columns)
                    .flat_map(|row| Strips::multiply_together([&strips], row))
                    .flatten()
                    .collect();
                assert_eq!(alone, product, "a row is the same in company");
            }
        }
    }

    #[test]
    fn matrices_of_both_formats_are_multiplied_together() {
        let Some(a) = Strips::of(&matrix(GgmlDType::Q4K, 32, 512)).unwrap() else { return };
        let b = Strips::of(&matrix(GgmlDType::Q6K, 160, 512)).unwrap().unwrap();
        let row = noise(512, 1);
        assert_eq!(Strips::multiply_together([&a, &b, &a], &row), [&a, &b, &a].map(|m| m.multiply(&row)));
    }

    #[test]
    fn the_greatest_numbers_do_not_overflow() {
        for dtype in [GgmlDType::Q4K, GgmlDType::Q6K] {
            // As large as they get; a sub-block of equal numbers would have no scale.
            let all = (0..16 * 256).map(|i| if i % 16 == 0 { 0.0 } else { 1.0_f32 }).collect();
            let values = Tensor::from_vec(all, (16, 256), &Device::Cpu).unwrap();
            let matrix = QTensor::quantize(&values, dtype).unwrap();
            for processor in Processor::all() {
                let strips = Strips::on(processor, &matrix).unwrap().unwrap();
                for sign in [1.0, -1.0] {
                    for product in strips.multiply(&[sign; 256]) {
                        assert!(
                            (product - sign * 240.0).abs() < 4.0,
                            "{dtype:?} on {processor:?}: {product}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_left_to_others() {
        assert!(Strips::of(&matrix(GgmlDType::Q4K, 24, 256)).unwrap().is_none());
        assert!(Strips::of(&matrix(GgmlDType::Q8_0, 32, 256)).unwrap().is_none());
    }
}
