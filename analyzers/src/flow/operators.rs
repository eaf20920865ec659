//! Operations on values: constants are computed as the language does, all else is anything; what taints an operand taints
//! the result.

use grammars::Language;
use grammars::flow::{BinaryOperator, UnaryOperator};

use crate::flow::value::{Constant, Reference, Value};

/// Pairs of constants beyond this are not computed one by one.
const MAX_PAIRS: usize = 32;

/// The result of a binary operation, as far as operands tell without looking into objects.
pub(crate) fn binary(language: Language, operator: BinaryOperator, left: &Value, right: &Value) -> Value {
    if operator == BinaryOperator::Then {
        return right.clone();
    }
    let mut result = match compared(operator, left, right) {
        Some(known) => Value::boolean(known),
        None => computed(language, operator, left, right),
    };
    result.taint.join(&left.taint);
    result.taint.join(&right.taint);
    result
}

fn computed(language: Language, operator: BinaryOperator, left: &Value, right: &Value) -> Value {
    let is_known = |value: &Value| !value.open && value.references.is_empty() && !value.constants.is_empty();
    if !is_known(left) || !is_known(right) || left.constants.len() * right.constants.len() > MAX_PAIRS {
        return match is_comparison(operator) {
            true => either(),
            false => Value::anything(),
        };
    }
    let mut result = Value::default();
    for first in &left.constants {
        for second in &right.constants {
            match constants(language, operator, first, second) {
                Some(constant) => {
                    result.join(&Value::constant(constant));
                }
                None => result.open = true,
            }
        }
    }
    result
}

/// True or false.
pub(crate) fn either() -> Value {
    Value::boolean(true).joined(&Value::boolean(false))
}

pub(crate) fn is_comparison(operator: BinaryOperator) -> bool {
    use BinaryOperator as B;
    matches!(
        operator,
        B::Equal
            | B::NotEqual
            | B::Identical
            | B::NotIdentical
            | B::Less
            | B::LessOrEqual
            | B::Greater
            | B::GreaterOrEqual
            | B::In
            | B::NotIn
    )
}

/// Whether two values are the same, where one of them is an object or null.
fn compared(operator: BinaryOperator, left: &Value, right: &Value) -> Option<bool> {
    use BinaryOperator as B;
    let wants_same = match operator {
        B::Equal | B::Identical => true,
        B::NotEqual | B::NotIdentical => false,
        _ => return None,
    };
    if left.open || right.open || (left.references.is_empty() && right.references.is_empty()) {
        return None;
    }
    let shares_constant = left.constants.iter().any(|constant| right.constants.contains(constant));
    let shares_reference = left.references.iter().any(|reference| right.references.contains(reference));
    if !shares_constant && !shares_reference {
        let is_plain = |value: &Value| {
            value.references.iter().all(|reference| !matches!(reference, Reference::Library(_)))
        };
        let has_null = left.constants.contains(&Constant::Null) || right.constants.contains(&Constant::Null);
        // Two objects of equal content may be equal where the language compares content.
        let decided = has_null || operator == B::Identical || operator == B::NotIdentical;
        return (decided && is_plain(left) && is_plain(right)).then_some(!wants_same);
    }
    None
}

/// The result for two constants; none where it is not known.
fn constants(
    language: Language,
    operator: BinaryOperator,
    left: &Constant,
    right: &Constant,
) -> Option<Constant> {
    use BinaryOperator as B;
    let truth = |value: bool| Some(Constant::Boolean(value));
    match operator {
        B::Equal | B::Identical => truth(equal(left, right)),
        B::NotEqual | B::NotIdentical => truth(!equal(left, right)),
        B::Less | B::LessOrEqual | B::Greater | B::GreaterOrEqual => {
            let order = order(left, right)?;
            truth(match operator {
                B::Less => order.is_lt(),
                B::LessOrEqual => order.is_le(),
                B::Greater => order.is_gt(),
                _ => order.is_ge(),
            })
        }
        B::Compare => Some(Constant::Integer(order(left, right)? as i64)),
        B::In | B::NotIn => match (left, right) {
            (Constant::Text(part), Constant::Text(whole)) => {
                truth(whole.contains(&**part) == (operator == B::In))
            }
            _ => None,
        },
        B::Add if is_text(left) || is_text(right) => text_sum(language, left, right),
        B::Multiply if language == Language::Python => match (left, right) {
            (Constant::Text(text), Constant::Integer(times))
            | (Constant::Integer(times), Constant::Text(text)) => {
                let times = usize::try_from(*times).unwrap_or(0);
                (text.len() * times < 4096).then(|| Constant::Text(text.repeat(times).into()))
            }
            _ => numbers(language, operator, left, right),
        },
        B::BitAnd | B::BitOr | B::BitXor
            if matches!((left, right), (Constant::Boolean(_), Constant::Boolean(_))) =>
        {
            let (left, right) = (left.is_true(), right.is_true());
            truth(match operator {
                B::BitAnd => left && right,
                B::BitOr => left || right,
                _ => left != right,
            })
        }
        _ => numbers(language, operator, left, right),
    }
}

fn is_text(constant: &Constant) -> bool {
    matches!(constant, Constant::Text(_))
}

fn text_sum(language: Language, left: &Constant, right: &Constant) -> Option<Constant> {
    let mixes = is_text(left) != is_text(right);
    if mixes && matches!(language, Language::Python | Language::Go) {
        return None;
    }
    if mixes && matches!(language, Language::C | Language::Cpp) {
        return None;
    }
    Some(Constant::Text((left.written() + &right.written()).into()))
}

fn equal(left: &Constant, right: &Constant) -> bool {
    match (left.number(), right.number()) {
        (Some(first), Some(second)) => first == second,
        _ => match (left, right) {
            (Constant::Character(one), Constant::Text(text))
            | (Constant::Text(text), Constant::Character(one)) => text.chars().eq([*one]),
            _ => left == right,
        },
    }
}

fn order(left: &Constant, right: &Constant) -> Option<std::cmp::Ordering> {
    match (left, right) {
        (Constant::Text(first), Constant::Text(second)) => Some(first.cmp(second)),
        _ => left.number()?.partial_cmp(&right.number()?),
    }
}

fn numbers(
    language: Language,
    operator: BinaryOperator,
    left: &Constant,
    right: &Constant,
) -> Option<Constant> {
    match (whole(left), whole(right)) {
        (Some(first), Some(second)) => integers(language, operator, first, second),
        _ => floats(language, operator, left.number()?, right.number()?),
    }
}

fn whole(constant: &Constant) -> Option<i64> {
    match constant {
        Constant::Integer(value) => Some(*value),
        Constant::Character(value) => Some(i64::from(u32::from(*value))),
        Constant::Boolean(value) => Some(i64::from(*value)),
        _ => None,
    }
}

fn integers(language: Language, operator: BinaryOperator, left: i64, right: i64) -> Option<Constant> {
    use BinaryOperator as B;
    let is_script = matches!(language, Language::JavaScript | Language::TypeScript | Language::Tsx);
    let is_python = language == Language::Python;
    let shift = || u32::try_from(right).ok().filter(|shift| *shift < 63);
    let value = match operator {
        B::Add => left.checked_add(right)?,
        B::Subtract => left.checked_sub(right)?,
        B::Multiply => left.checked_mul(right)?,
        B::Divide if is_script || is_python => {
            if right == 0 {
                return None;
            }
            if left % right != 0 || is_python {
                return Some(Constant::Float((left as f64 / right as f64).to_bits()));
            }
            left / right
        }
        B::Divide => left.checked_div(right)?,
        B::FloorDivide => left.checked_div_euclid(right)?,
        B::Remainder if is_python => left.checked_rem_euclid(right)?,
        B::Remainder => left.checked_rem(right)?,
        B::Power => left.checked_pow(u32::try_from(right).ok()?)?,
        B::ShiftLeft => left.checked_mul(1_i64.checked_shl(shift()?)?)?,
        B::ShiftRight => left >> shift()?,
        B::ShiftRightUnsigned if left >= 0 => left >> shift()?,
        B::BitAnd => left & right,
        B::BitOr => left | right,
        B::BitXor => left ^ right,
        B::BitAndNot => left & !right,
        _ => return None,
    };
    Some(Constant::Integer(value))
}

fn floats(language: Language, operator: BinaryOperator, left: f64, right: f64) -> Option<Constant> {
    use BinaryOperator as B;
    let value = match operator {
        B::Add => left + right,
        B::Subtract => left - right,
        B::Multiply => left * right,
        B::Divide => left / right,
        B::FloorDivide => (left / right).floor(),
        B::Remainder if language == Language::Python => left.rem_euclid(right),
        B::Remainder => left % right,
        B::Power => left.powf(right),
        _ => return None,
    };
    Some(Constant::Float(value.to_bits()))
}

/// The result of a unary operation.
pub(crate) fn unary(operator: UnaryOperator, operand: &Value, truth: Option<bool>) -> Value {
    let mut result = match (operator, truth) {
        (UnaryOperator::Not, Some(truth)) => Value::boolean(!truth),
        (UnaryOperator::Not, None) => either(),
        (UnaryOperator::Void, _) => return Value::null(),
        (UnaryOperator::TypeOf, _) => Value::anything(),
        _ => operand
            .only_constant()
            .and_then(|constant| negated(operator, constant))
            .map_or_else(Value::anything, Value::constant),
    };
    result.taint.join(&operand.taint);
    result
}

fn negated(operator: UnaryOperator, constant: &Constant) -> Option<Constant> {
    Some(match (operator, constant) {
        (UnaryOperator::Negate, Constant::Integer(value)) => Constant::Integer(value.checked_neg()?),
        (UnaryOperator::Negate, Constant::Float(bits)) => Constant::Float((-f64::from_bits(*bits)).to_bits()),
        (UnaryOperator::Complement, Constant::Integer(value)) => Constant::Integer(!value),
        (UnaryOperator::Plus, Constant::Integer(_) | Constant::Float(_)) => constant.clone(),
        (UnaryOperator::Plus, Constant::Text(text)) => Constant::Integer(text.trim().parse().ok()?),
        _ => return None,
    })
}
