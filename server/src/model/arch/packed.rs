//! Quantised matrices whose blocks are let go once candle has its packed copy of them.
//!
//! Candle's kernels keep a second, packed copy of Q4_K and Q6_K beside the blocks and do not look at the blocks again, but
//! for one row of Q6_K. A matrix here is multiplied once at each kernel's size; if its blocks were only read to be
//! packed, their memory is given back.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use candle_core::quantized::{GgmlDType, QStorage, QTensor, QuantizedType};
use candle_core::{CpuStorage, DType, Device, Result, Tensor, bail};
use half::f16;

/// How many rows a matrix is multiplied with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    /// One, or more.
    Any,
    /// Never one.
    Some,
}

/// The matrix, packed, and without its blocks where it can do without them.
///
/// # Errors
/// What candle says.
pub(super) fn packed(tensor: Arc<QTensor>, rows: Rows) -> Result<Arc<QTensor>> {
    // With these numbers of rows every kernel is reached, that of the widest tiles too.
    let kernels = match (tensor.dtype(), rows) {
        (GgmlDType::Q4K, Rows::Any) => [1, 32],
        (GgmlDType::Q4K | GgmlDType::Q6K, Rows::Some) => [2, 32],
        _ => return Ok(tensor),
    };
    if !tensor.device().is_cpu() {
        return Ok(tensor);
    }
    let (_, columns) = tensor.shape().dims2()?;
    let blocks = Blocks::of(&tensor)?;
    let packed = QTensor::new(QStorage::Cpu(Box::new(blocks.clone())), tensor.shape())?;
    drop(tensor);
    for rows in kernels {
        Tensor::zeros((rows, columns), DType::F32, &Device::Cpu)?.apply_op1_no_bwd(&packed)?;
    }
    blocks.let_go_unless_used();
    Ok(Arc::new(packed))
}

/// The blocks of a matrix, which candle owns and this file can empty.
#[derive(Clone)]
struct Blocks(Arc<Shared>);

struct Shared {
    /// Emptied only before the matrix is first given out, when nobody multiplies.
    kept: RwLock<Box<dyn QuantizedType>>,
    /// Whether a product was computed from the blocks themselves.
    is_used: AtomicBool,
    dtype: GgmlDType,
    block_size: usize,
}

impl Blocks {
    fn of(tensor: &QTensor) -> Result<Self> {
        let dtype = tensor.dtype();
        Ok(Self(Arc::new(Shared {
            kept: RwLock::new(dtype.from_data(tensor.data()?)),
            is_used: AtomicBool::new(false),
            dtype,
            block_size: dtype.block_size(),
        })))
    }

    fn let_go_unless_used(&self) {
        if !self.0.is_used.load(Ordering::Acquire) {
            let mut kept = self.0.kept.write().unwrap_or_else(PoisonError::into_inner);
            *kept = self.0.dtype.cpu_zeros(0);
        }
    }

    /// The blocks.
    fn kept(&self) -> RwLockReadGuard<'_, Box<dyn QuantizedType>> {
        self.0.kept.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The blocks for a product with them.
    fn used(&self) -> Result<RwLockReadGuard<'_, Box<dyn QuantizedType>>> {
        self.0.is_used.store(true, Ordering::Release);
        let kept = self.kept();
        if kept.storage_size_in_bytes() == 0 {
            bail!("the blocks of a packed matrix are gone");
        }
        Ok(kept)
    }
}

impl QuantizedType for Blocks {
    fn dtype(&self) -> GgmlDType {
        self.0.dtype
    }

    fn matmul_t(&self, mkn: (usize, usize, usize), lhs: &[f32], dst: &mut [f32]) -> Result<()> {
        self.used()?.matmul_t(mkn, lhs, dst)
    }

    fn matmul_t_f16(&self, mkn: (usize, usize, usize), lhs: &[f16], dst: &mut [f16]) -> Result<()> {
        self.used()?.matmul_t_f16(mkn, lhs, dst)
    }

    fn embedding(&self, ids: &[u32], rows: usize, hidden: usize) -> Result<CpuStorage> {
        self.used()?.embedding(ids, rows, hidden)
    }

    fn dequantize(&self, elem_count: usize) -> Result<CpuStorage> {
        self.used()?.dequantize(elem_count)
    }

    fn storage_size_in_bytes(&self) -> usize {
        self.kept().storage_size_in_bytes()
    }

    fn as_ptr(&self) -> *const u8 {
        self.kept().as_ptr()
    }

    fn block_size(&self) -> usize {
        self.0.block_size
    }

    // Blocks are read, never written.
    fn from_float(&mut self, _: &[f32]) {}

    fn from_float_imatrix(&mut self, _: &[f32], _: &[f32], _: usize) {}

    fn size(&self) -> usize {
        self.kept().size()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_matrix_gives_the_same_bits_with_and_without_its_blocks() {
        let values: Vec<f32> = (0..48 * 512).map(|i| ((i * 31 + 7) % 211) as f32 / 100.0 - 1.0).collect();
        let matrix = Tensor::from_vec(values, (48, 512), &Device::Cpu).unwrap();
        let cases = [(GgmlDType::Q4K, Rows::Any), (GgmlDType::Q4K, Rows::Some), (GgmlDType::Q6K, Rows::Some)];
        for (dtype, least) in cases {
            let matrix = Arc::new(QTensor::quantize(&matrix, dtype).unwrap());
            let lean = packed(matrix.clone(), least).unwrap();
            for rows in [1, 2, 3, 4, 5, 8, 9, 16, 17, 33] {
                if rows == 1 && least == Rows::Some {
                    continue;
                }
                let input = (0..rows * 512).map(|i| ((i * 17) % 97) as f32 / 48.0 - 1.0).collect();
                let input: Tensor = Tensor::from_vec::<_, f32>(input, (rows, 512), &Device::Cpu).unwrap();
                let product =
                    |matrix: &QTensor| input.apply_op1_no_bwd(matrix).unwrap().to_vec2::<f32>().unwrap();
                assert_eq!(product(&lean), product(&matrix), "{dtype:?}, {rows} rows");
            }
        }
    }
}
