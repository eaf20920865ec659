//! A matrix with an optional bias, and the embedding: what stands between one row of numbers and the next.
//!
//! On the CPU quantised matrices are multiplied by candle's kernels and plain ones by `plain`, both in f32 and without
//! a dequantised copy; on other devices all are multiplied by candle.

use std::sync::Arc;

use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{DType, Device, Storage, Tensor};

use super::packed::{Rows, packed};
use super::plain::{self, Values};
use super::strips::Strips;
use crate::model::weights::{Matrix, Weights, WeightsError};

type Result<T, E = candle_core::Error> = std::result::Result<T, E>;

/// Rows up to which matrices with one input are multiplied in one go. More rows fill every thread by themselves.
const MOST_ROWS_TOGETHER: usize = 16;

/// A matrix with an optional bias.
#[derive(Debug)]
pub(super) struct Linear {
    weight: Weight,
    bias: Option<Bias>,
    /// Whether a step multiplies few rows whatever its size.
    is_for_few: bool,
    rows: usize,
    columns: usize,
}

/// A bias, on the device and as a slice.
#[derive(Clone, Debug)]
struct Bias {
    tensor: Tensor,
    values: Vec<f32>,
}

/// A matrix as it is multiplied.
#[derive(Clone, Debug)]
enum Weight {
    Plain(Tensor),
    Quantised(Arc<QTensor>),
    /// Multiplied in strips; many rows by candle's packed kernels where it has any.
    Strips(Arc<Strips>, Option<Arc<QTensor>>),
}

impl Linear {
    /// Reads the matrix `name` of `rows` × `columns`, without a bias.
    pub(super) fn load(
        weights: &Weights,
        name: &str,
        (rows, columns): (usize, usize),
        device: &Device,
    ) -> Result<Self, WeightsError> {
        let weight = match weights.matrix(name, rows, columns, device)? {
            Matrix::Plain(tensor) => Weight::Plain(tensor),
            Matrix::Quantised(tensor) => unboxed(name, tensor, device)?,
        };
        Ok(Self { weight, bias: None, is_for_few: false, rows, columns })
    }

    /// Reads the matrix `name` of `rows` × `columns` and its bias.
    pub(super) fn load_with_bias(
        weights: &Weights,
        name: &str,
        (rows, columns): (usize, usize),
        device: &Device,
    ) -> Result<Self, WeightsError> {
        let name_of_bias = format!("{name}.bias");
        let tensor = weights.vector(&name_of_bias, rows, device)?;
        let values = tensor.to_vec1().map_err(|error| WeightsError::Device { name: name_of_bias, error })?;
        Ok(Self {
            bias: Some(Bias { tensor, values }),
            ..Self::load(weights, name, (rows, columns), device)?
        })
    }

    /// The same matrix, of which a step multiplies few rows whatever its size.
    pub(super) fn for_few(self) -> Self {
        Self { is_for_few: true, ..self }
    }

    /// The same matrix ready to be multiplied, in as little memory as that takes. It is then no embedding any more.
    pub(super) fn ready(self, name: &str) -> Result<Self, WeightsError> {
        let weight = match self.weight {
            Weight::Plain(tensor) => Weight::Plain(tensor),
            Weight::Quantised(tensor) => quick(tensor, self.is_for_few)
                .map_err(|error| WeightsError::Device { name: name.to_owned(), error })?,
            Weight::Strips(..) => self.weight,
        };
        Ok(Self { weight, ..self })
    }

    /// The same matrix in f32, as the reference of its format computes it.
    #[cfg(test)]
    pub(super) fn dequantised(self, name: &str) -> Result<Self, WeightsError> {
        let Weight::Quantised(tensor) = &self.weight else { return Ok(self) };
        let wide = tensor.dequantize(&Device::Cpu);
        let wide = wide.map_err(|error| WeightsError::Device { name: name.to_owned(), error })?;
        Ok(Self { weight: Weight::Plain(wide), ..self })
    }

    /// The same matrix once more; its numbers are shared.
    pub(super) fn shared(&self) -> Self {
        Self { weight: self.weight.clone(), bias: self.bias.clone(), ..*self }
    }

    /// The type of its numbers, where plain.
    pub(super) fn plain_type(&self) -> Option<DType> {
        match &self.weight {
            Weight::Plain(tensor) => Some(tensor.dtype()),
            Weight::Quantised(_) | Weight::Strips(..) => None,
        }
    }

    /// What its numbers are called, for tests and reports: one kernel multiplies all of one format.
    pub(super) fn format(&self) -> String {
        match &self.weight {
            Weight::Plain(tensor) => format!("{:?}", tensor.dtype()),
            Weight::Quantised(tensor) => format!("{:?}", tensor.dtype()),
            Weight::Strips(strips, None) => format!("{:?}", strips.format),
            Weight::Strips(strips, Some(_)) => format!("{:?} in two ways", strips.format),
        }
    }

    /// Adds the bias, if there is one, to every row of products.
    pub(super) fn add_bias(&self, products: &mut [f32]) {
        let Some(bias) = &self.bias else { return };
        for row in products.chunks_exact_mut(bias.values.len()) {
            row.iter_mut().zip(&bias.values).for_each(|(value, bias)| *value += bias);
        }
    }

    /// Its bias, on the device.
    pub(super) fn bias(&self) -> Option<&Tensor> {
        self.bias.as_ref().map(|bias| &bias.tensor)
    }

    /// Columns of its input.
    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    /// `input` (m × columns) through the matrix, without the bias: m × rows.
    ///
    /// # Errors
    /// What the device says.
    pub(super) fn forward(&self, input: &Tensor) -> Result<Tensor> {
        match &self.weight {
            Weight::Quantised(tensor) => input.apply_op1_no_bwd(tensor.as_ref()),
            Weight::Strips(_, Some(tensor)) if input.dim(0)? > 1 => input.apply_op1_no_bwd(tensor.as_ref()),
            Weight::Strips(strips, _) => {
                let out = read(input, |rows| strips.multiply(rows))?;
                Tensor::from_vec(out, (input.dim(0)?, self.rows), &Device::Cpu)
            }
            Weight::Plain(tensor) if input.device().is_cpu() && input.dtype() == DType::F32 => {
                let guard = tensor.storage_and_layout().0;
                let Storage::Cpu(storage) = &*guard else {
                    candle_core::bail!("the weights are not on the CPU")
                };
                let values = Values::of(storage)?;
                let out = read(input, |input| plain::multiply(values, input, self.columns, self.rows))?;
                Tensor::from_vec(out, (input.dim(0)?, self.rows), &Device::Cpu)
            }
            Weight::Plain(tensor) => {
                input.to_dtype(tensor.dtype())?.matmul(&tensor.t()?)?.to_dtype(input.dtype())
            }
        }
    }

    /// `input` through several matrices of the same columns, as `forward`.
    ///
    /// # Errors
    /// What the device says.
    pub(super) fn together<const N: usize>(linears: [&Self; N], input: &Tensor) -> Result<[Tensor; N]> {
        if input.dim(0)? == 1
            && let Some(strips) = all_strips(linears)
        {
            let products = read(input, |row| Strips::multiply_together(strips, row))?;
            return all(products.map(|product| {
                let rows = product.len();
                Tensor::from_vec(product, (1, rows), &Device::Cpu)
            }));
        }
        let mut out: [Option<Tensor>; N] = [const { None }; N];
        if input.device().is_cpu() && input.dim(0)? <= MOST_ROWS_TOGETHER {
            let alike: Vec<(usize, &QTensor)> = alike(&linears);
            let matrices: Vec<&QTensor> = alike.iter().map(|(_, matrix)| *matrix).collect();
            if let Some(products) = QTensor::gemv_fused_shared_lhs(&matrices, input)? {
                for ((index, _), product) in alike.iter().zip(products) {
                    out[*index] = Some(product);
                }
            }
        }
        for (out, linear) in out.iter_mut().zip(linears) {
            if out.is_none() {
                *out = Some(linear.forward(input)?);
            }
        }
        Ok(out.map(|product| product.expect("every matrix was multiplied")))
    }

    /// Rows of the matrix by number, as an embedding, in f32 on the CPU and in the matrix's type elsewhere.
    ///
    /// # Errors
    /// Where there is no such row.
    pub(super) fn embed(&self, ids: &[u32], device: &Device) -> Result<Tensor> {
        match &self.weight {
            Weight::Quantised(tensor) => tensor.embedding(&Tensor::new(ids, device)?),
            Weight::Plain(tensor) => {
                let rows = tensor.index_select(&Tensor::new(ids, device)?, 0)?;
                if device.is_cpu() { rows.to_dtype(DType::F32) } else { Ok(rows) }
            }
            Weight::Strips(..) => candle_core::bail!("a matrix that was made ready has no rows to look up"),
        }
    }
}

/// A matrix as it is multiplied the soonest.
fn quick(tensor: Arc<QTensor>, is_for_few: bool) -> Result<Weight> {
    match Strips::of(&tensor)? {
        Some(strips) if is_for_few => Ok(Weight::Strips(Arc::new(strips), None)),
        Some(strips) => Ok(Weight::Strips(Arc::new(strips), Some(packed(tensor, Rows::Some)?))),
        None => Ok(Weight::Quantised(packed(tensor, Rows::Any)?)),
    }
}

/// The strips of all, where all are in strips.
fn all_strips<const N: usize>(linears: [&Linear; N]) -> Option<[&Strips; N]> {
    let strips = linears.map(|linear| match &linear.weight {
        Weight::Strips(strips, _) => Some(strips.as_ref()),
        Weight::Plain(_) | Weight::Quantised(_) => None,
    });
    strips.iter().all(Option::is_some).then(|| strips.map(|strips| strips.expect("all are in strips")))
}

/// All results, or the first error.
fn all<T, const N: usize>(results: [Result<T>; N]) -> Result<[T; N]> {
    let mut results = results.into_iter();
    let values: Vec<T> = results.by_ref().collect::<Result<_>>()?;
    Ok(values.try_into().unwrap_or_else(|_| unreachable!("there are as many")))
}

/// The quantised matrices of the first one's format.
fn alike<'a>(linears: &[&'a Linear]) -> Vec<(usize, &'a QTensor)> {
    let quantised = linears.iter().enumerate().filter_map(|(index, linear)| match &linear.weight {
        Weight::Quantised(tensor) | Weight::Strips(_, Some(tensor)) => Some((index, tensor.as_ref())),
        Weight::Plain(_) | Weight::Strips(_, None) => None,
    });
    let quantised: Vec<_> = quantised.collect();
    let format = quantised.first().map(|(_, matrix)| matrix.dtype());
    quantised.into_iter().filter(|(_, matrix)| Some(matrix.dtype()) == format).collect()
}

/// Matrices in blocks of one number are plain ones.
fn unboxed(name: &str, tensor: Arc<QTensor>, device: &Device) -> Result<Weight, WeightsError> {
    let plain = match tensor.dtype() {
        GgmlDType::F32 => Some(DType::F32),
        GgmlDType::F16 => Some(DType::F16),
        GgmlDType::BF16 => Some(DType::BF16),
        _ => None,
    };
    let Some(dtype) = plain else { return Ok(Weight::Quantised(tensor)) };
    let widened = tensor.dequantize(device).and_then(|wide| wide.to_dtype(dtype));
    let widened = widened.map_err(|error| WeightsError::Device { name: name.to_owned(), error })?;
    Ok(Weight::Plain(widened))
}

/// What `look` makes of the numbers of a contiguous f32 tensor on the CPU, without copying them.
///
/// # Errors
/// Where it is none.
pub(super) fn read<R>(tensor: &Tensor, look: impl FnOnce(&[f32]) -> R) -> Result<R> {
    let (guard, layout) = tensor.storage_and_layout();
    let Storage::Cpu(storage) = &*guard else { candle_core::bail!("the tensor is not on the CPU") };
    let Some((start, end)) = layout.contiguous_offsets() else { candle_core::bail!("the tensor has gaps") };
    Ok(look(&storage.as_slice::<f32>()?[start..end]))
}
