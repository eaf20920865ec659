//! The arithmetic of strips on x86-64, written once for vectors of 256 and of 512 bits.

use core::arch::x86_64::{__m256, __m256i, __m512, __m512i};

use pulp::x86::{V3, V4};
use pulp::{NullaryFnOnce, cast};

use super::{Format, LANES, Q4_STRIP, Q6_STRIP, Row, Strips};

/// Rows of the input through some strips.
pub(super) struct Product<'a, L> {
    pub(super) lanes: L,
    pub(super) matrix: &'a Strips,
    pub(super) bytes: &'a [u8],
    pub(super) rows: &'a [Row],
    pub(super) out: &'a mut [f32],
}

impl<L: Lanes> NullaryFnOnce for Product<'_, L> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let strips = self.bytes.chunks_exact(self.matrix.blocks * self.matrix.format.strip());
        for (strip, out) in strips.zip(self.out.chunks_exact_mut(self.rows.len() * LANES)) {
            for (row, out) in self.rows.iter().zip(out.as_chunks_mut().0) {
                *out = match self.matrix.format {
                    Format::Q4K => q4(self.lanes, strip.as_chunks().0, row),
                    Format::Q6K => q6(self.lanes, strip.as_chunks().0, row),
                };
            }
        }
    }
}

/// Sixteen lanes of 32 bits, one for each row of a strip. The names are those of the operations on 16-bit or 32-bit
/// parts of them.
pub(super) trait Lanes: Copy {
    /// Whole numbers.
    type Whole: Copy;
    /// Floating point numbers.
    type Float: Copy;

    fn load(self, bytes: &[u8; 64]) -> Self::Whole;
    fn splat(self, number: i32) -> Self::Whole;
    fn and(self, a: Self::Whole, b: Self::Whole) -> Self::Whole;
    fn or(self, a: Self::Whole, b: Self::Whole) -> Self::Whole;
    /// Bits to the right in 16-bit parts. `M` is `N`, as another instruction wants it.
    fn right<const N: u32, const M: i32>(self, a: Self::Whole) -> Self::Whole;
    /// Bits to the left in 16-bit parts.
    fn left<const N: u32, const M: i32>(self, a: Self::Whole) -> Self::Whole;
    /// Unsigned bytes times signed ones, two neighbours added.
    fn bytes_times(self, unsigned: Self::Whole, signed: Self::Whole) -> Self::Whole;
    /// 16-bit numbers times each other, two neighbours added.
    fn shorts_times(self, a: Self::Whole, b: Self::Whole) -> Self::Whole;
    fn add_shorts(self, a: Self::Whole, b: Self::Whole) -> Self::Whole;
    fn add(self, a: Self::Whole, b: Self::Whole) -> Self::Whole;
    /// 16-bit numbers from unsigned bytes.
    fn unsigned(self, bytes: &[u8; 32]) -> Self::Whole;
    /// 16-bit numbers from signed bytes.
    fn signed(self, bytes: &[u8; 32]) -> Self::Whole;

    fn float(self, a: Self::Whole) -> Self::Float;
    /// Numbers in half precision, times one.
    fn halves_times(self, bytes: &[u8; 32], factor: f32) -> Self::Float;
    fn multiply_add(self, a: Self::Float, b: Self::Float, c: Self::Float) -> Self::Float;
    fn values(self, a: Self::Float) -> [f32; LANES];
}

/// `N` bytes of a block; its offsets are constants.
#[inline(always)]
fn part<const N: usize>(block: &[u8], at: usize) -> &[u8; N] {
    block[at..].first_chunk().expect("offsets lie in the block")
}

#[inline(always)]
fn q4<L: Lanes>(lanes: L, strip: &[[u8; Q4_STRIP]], row: &Row) -> [f32; LANES] {
    let nibble = lanes.splat(0x0F0F_0F0F);
    let mut total = lanes.float(lanes.splat(0));
    for (block, x) in strip.iter().zip(&row.blocks) {
        let (mut sum, mut least) = (lanes.splat(0), lanes.splat(0));
        for pair in 0..4 {
            let scales = lanes.unsigned(part(block, 64 + pair * 32));
            let leasts = lanes.unsigned(part(block, 192 + pair * 32));
            least = lanes.add(least, lanes.shorts_times(leasts, lanes.splat(x.sums[pair])));
            // Eight products of at most 2 · 15 · 127 fit into 16 bits.
            let mut sums = [lanes.splat(0); 2];
            for group in 0..8 {
                let nibbles = lanes.load(part(block, 320 + pair * 512 + group * 64));
                let values = [lanes.and(nibbles, nibble), lanes.and(lanes.right::<4, 4>(nibbles), nibble)];
                for side in 0..2 {
                    let columns = lanes.splat(x.columns[pair * 16 + side * 8 + group]);
                    sums[side] = lanes.add_shorts(sums[side], lanes.bytes_times(values[side], columns));
                }
            }
            let [near, far] = sums.map(|sum| lanes.shorts_times(sum, scales));
            sum = lanes.add(sum, lanes.add(near, far));
        }
        total = lanes.multiply_add(lanes.float(sum), lanes.halves_times(part(block, 0), x.scale), total);
        total = lanes.multiply_add(lanes.float(least), lanes.halves_times(part(block, 32), -x.scale), total);
    }
    lanes.values(total)
}

#[inline(always)]
fn q6<L: Lanes>(lanes: L, strip: &[[u8; Q6_STRIP]], row: &Row) -> [f32; LANES] {
    let (nibble, above) = (lanes.splat(0x0F0F_0F0F), lanes.splat(0x3030_3030));
    let mut total = lanes.float(lanes.splat(0));
    for (block, x) in strip.iter().zip(&row.blocks) {
        let (mut sum, mut bias) = (lanes.splat(0), lanes.splat(0));
        for pair in 0..8 {
            let scales = lanes.signed(part(block, 32 + pair * 32));
            bias = lanes.add(bias, lanes.shorts_times(scales, lanes.splat(x.sums[pair])));
            for half in 0..2 {
                let at = 288 + pair * 384 + half * 192;
                let low = [lanes.load(part(block, at)), lanes.load(part(block, at + 64))];
                let high = lanes.load(part(block, at + 128));
                let low =
                    low.map(|low| [lanes.and(low, nibble), lanes.and(lanes.right::<4, 4>(low), nibble)]);
                let high =
                    [lanes.left::<4, 4>(high), lanes.left::<2, 2>(high), high, lanes.right::<2, 2>(high)];
                let product = |group: usize| {
                    let value = lanes.or(low[group / 2][group % 2], lanes.and(high[group], above));
                    lanes.bytes_times(value, lanes.splat(x.columns[pair * 8 + half * 4 + group]))
                };
                // Two products of at most 2 · 63 · 127 fit into 16 bits.
                let near = lanes.shorts_times(lanes.add_shorts(product(0), product(1)), scales);
                let far = lanes.shorts_times(lanes.add_shorts(product(2), product(3)), scales);
                sum = lanes.add(sum, lanes.add(near, far));
            }
        }
        // Values are stored 32 above what they are.
        let scale = |factor| lanes.halves_times(part(block, 0), factor);
        total = lanes.multiply_add(lanes.float(sum), scale(x.scale), total);
        total = lanes.multiply_add(lanes.float(bias), scale(-32.0 * x.scale), total);
    }
    lanes.values(total)
}

impl Lanes for V4 {
    type Whole = __m512i;
    type Float = __m512;

    #[inline(always)]
    fn load(self, bytes: &[u8; 64]) -> __m512i {
        cast(*bytes)
    }

    #[inline(always)]
    fn splat(self, number: i32) -> __m512i {
        self.avx512f._mm512_set1_epi32(number)
    }

    #[inline(always)]
    fn and(self, a: __m512i, b: __m512i) -> __m512i {
        self.avx512f._mm512_and_si512(a, b)
    }

    #[inline(always)]
    fn or(self, a: __m512i, b: __m512i) -> __m512i {
        self.avx512f._mm512_or_si512(a, b)
    }

    #[inline(always)]
    fn right<const N: u32, const M: i32>(self, a: __m512i) -> __m512i {
        self.avx512bw._mm512_srli_epi16::<N>(a)
    }

    #[inline(always)]
    fn left<const N: u32, const M: i32>(self, a: __m512i) -> __m512i {
        self.avx512bw._mm512_slli_epi16::<N>(a)
    }

    #[inline(always)]
    fn bytes_times(self, unsigned: __m512i, signed: __m512i) -> __m512i {
        self.avx512bw._mm512_maddubs_epi16(unsigned, signed)
    }

    #[inline(always)]
    fn shorts_times(self, a: __m512i, b: __m512i) -> __m512i {
        self.avx512bw._mm512_madd_epi16(a, b)
    }

    #[inline(always)]
    fn add_shorts(self, a: __m512i, b: __m512i) -> __m512i {
        self.avx512bw._mm512_add_epi16(a, b)
    }

    #[inline(always)]
    fn add(self, a: __m512i, b: __m512i) -> __m512i {
        self.avx512f._mm512_add_epi32(a, b)
    }

    #[inline(always)]
    fn unsigned(self, bytes: &[u8; 32]) -> __m512i {
        self.avx512bw._mm512_cvtepu8_epi16(cast(*bytes))
    }

    #[inline(always)]
    fn signed(self, bytes: &[u8; 32]) -> __m512i {
        self.avx512bw._mm512_cvtepi8_epi16(cast(*bytes))
    }

    #[inline(always)]
    fn float(self, a: __m512i) -> __m512 {
        self.avx512f._mm512_cvtepi32_ps(a)
    }

    #[inline(always)]
    fn halves_times(self, bytes: &[u8; 32], factor: f32) -> __m512 {
        self.avx512f
            ._mm512_mul_ps(self.avx512f._mm512_cvtph_ps(cast(*bytes)), self.avx512f._mm512_set1_ps(factor))
    }

    #[inline(always)]
    fn multiply_add(self, a: __m512, b: __m512, c: __m512) -> __m512 {
        self.avx512f._mm512_fmadd_ps(a, b, c)
    }

    #[inline(always)]
    fn values(self, a: __m512) -> [f32; LANES] {
        cast(a)
    }
}

/// The same on both halves.
#[inline(always)]
fn both<A: Copy, B: Copy, C>([a, b]: [A; 2], [c, d]: [B; 2], operation: impl Fn(A, B) -> C) -> [C; 2] {
    [operation(a, c), operation(b, d)]
}

impl Lanes for V3 {
    type Whole = [__m256i; 2];
    type Float = [__m256; 2];

    #[inline(always)]
    fn load(self, bytes: &[u8; 64]) -> [__m256i; 2] {
        cast(*bytes)
    }

    #[inline(always)]
    fn splat(self, number: i32) -> [__m256i; 2] {
        [self.avx._mm256_set1_epi32(number); 2]
    }

    #[inline(always)]
    fn and(self, a: [__m256i; 2], b: [__m256i; 2]) -> [__m256i; 2] {
        both(a, b, |a, b| self.avx2._mm256_and_si256(a, b))
    }

    #[inline(always)]
    fn or(self, a: [__m256i; 2], b: [__m256i; 2]) -> [__m256i; 2] {
        both(a, b, |a, b| self.avx2._mm256_or_si256(a, b))
    }

    #[inline(always)]
    fn right<const N: u32, const M: i32>(self, a: [__m256i; 2]) -> [__m256i; 2] {
        a.map(|a| self.avx2._mm256_srli_epi16::<M>(a))
    }

    #[inline(always)]
    fn left<const N: u32, const M: i32>(self, a: [__m256i; 2]) -> [__m256i; 2] {
        a.map(|a| self.avx2._mm256_slli_epi16::<M>(a))
    }

    #[inline(always)]
    fn bytes_times(self, unsigned: [__m256i; 2], signed: [__m256i; 2]) -> [__m256i; 2] {
        both(unsigned, signed, |a, b| self.avx2._mm256_maddubs_epi16(a, b))
    }

    #[inline(always)]
    fn shorts_times(self, a: [__m256i; 2], b: [__m256i; 2]) -> [__m256i; 2] {
        both(a, b, |a, b| self.avx2._mm256_madd_epi16(a, b))
    }

    #[inline(always)]
    fn add_shorts(self, a: [__m256i; 2], b: [__m256i; 2]) -> [__m256i; 2] {
        both(a, b, |a, b| self.avx2._mm256_add_epi16(a, b))
    }

    #[inline(always)]
    fn add(self, a: [__m256i; 2], b: [__m256i; 2]) -> [__m256i; 2] {
        both(a, b, |a, b| self.avx2._mm256_add_epi32(a, b))
    }

    #[inline(always)]
    fn unsigned(self, bytes: &[u8; 32]) -> [__m256i; 2] {
        let halves: [[u8; 16]; 2] = cast(*bytes);
        halves.map(|half| self.avx2._mm256_cvtepu8_epi16(cast(half)))
    }

    #[inline(always)]
    fn signed(self, bytes: &[u8; 32]) -> [__m256i; 2] {
        let halves: [[u8; 16]; 2] = cast(*bytes);
        halves.map(|half| self.avx2._mm256_cvtepi8_epi16(cast(half)))
    }

    #[inline(always)]
    fn float(self, a: [__m256i; 2]) -> [__m256; 2] {
        a.map(|a| self.avx._mm256_cvtepi32_ps(a))
    }

    /// By the bits: an exponent moved to its place is too small by 112. Numbers that are not finite become finite ones.
    #[inline(always)]
    fn halves_times(self, bytes: &[u8; 32], factor: f32) -> [__m256; 2] {
        let (above, times) = (f32::from_bits(239 << 23), self.avx._mm256_set1_ps(factor));
        let (sign, rest) = (self.avx._mm256_set1_epi32(0x8000), self.avx._mm256_set1_epi32(0x7FFF));
        let halves: [[u8; 16]; 2] = cast(*bytes);
        halves.map(|half| {
            let bits = self.avx2._mm256_cvtepu16_epi32(cast(half));
            let sign = self.avx2._mm256_slli_epi32::<16>(self.avx2._mm256_and_si256(bits, sign));
            let rest = self.avx2._mm256_slli_epi32::<13>(self.avx2._mm256_and_si256(bits, rest));
            let small: __m256 = cast(self.avx2._mm256_or_si256(sign, rest));
            let value = self.avx._mm256_mul_ps(small, self.avx._mm256_set1_ps(above));
            self.avx._mm256_mul_ps(value, times)
        })
    }

    #[inline(always)]
    fn multiply_add(self, a: [__m256; 2], b: [__m256; 2], c: [__m256; 2]) -> [__m256; 2] {
        [self.fma._mm256_fmadd_ps(a[0], b[0], c[0]), self.fma._mm256_fmadd_ps(a[1], b[1], c[1])]
    }

    #[inline(always)]
    fn values(self, a: [__m256; 2]) -> [f32; LANES] {
        cast(a)
    }
}
