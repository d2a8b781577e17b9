//! Hexadecimal floating-point text: `0x1.8p-2`. Rare in logs, but a number where it stands.

use super::NotANumber;

/// More binary exponent than any finite number has, so that sums of exponents cannot overflow.
const EXPONENT_LIMIT: i64 = 100_000;

/// Reads what stands after `0x`: hexadecimal digits with an optional point, and a binary exponent, which is mandatory.
/// Rounds to the nearest number, ties to even.
pub(super) fn read(text: &[u8]) -> Result<f64, NotANumber> {
    let exponent_at = text.iter().position(|byte| *byte | 32 == b'p').ok_or(NotANumber::Syntax)?;
    let (mantissa, shift) = read_mantissa(&text[..exponent_at])?;
    let exponent = read_exponent(&text[exponent_at + 1..])?;
    scale(mantissa, shift + exponent)
}

/// The digits as a whole number and the power of two that it is to be multiplied by. Digits beyond 60 bits are folded
/// into the lowest one, which is all that rounding needs to know of them.
fn read_mantissa(text: &[u8]) -> Result<(u64, i64), NotANumber> {
    let (mut mantissa, mut shift, mut digits, mut after_point) = (0_u64, 0_i64, 0_usize, false);
    for byte in text {
        if *byte == b'.' && !after_point {
            after_point = true;
            continue;
        }
        let digit = char::from(*byte).to_digit(16).ok_or(NotANumber::Syntax)?;
        digits += 1;
        if mantissa >> 60 == 0 {
            mantissa = mantissa << 4 | u64::from(digit);
            shift -= if after_point { 4 } else { 0 };
        } else {
            mantissa |= u64::from(digit != 0);
            shift += if after_point { 0 } else { 4 };
        }
    }
    if digits == 0 { Err(NotANumber::Syntax) } else { Ok((mantissa, shift)) }
}

fn read_exponent(text: &[u8]) -> Result<i64, NotANumber> {
    let (negative, digits) = super::split_sign(text);
    if digits.is_empty() {
        return Err(NotANumber::Syntax);
    }
    let mut exponent = 0_i64;
    for byte in digits {
        if !byte.is_ascii_digit() {
            return Err(NotANumber::Syntax);
        }
        exponent = (exponent * 10 + i64::from(byte - b'0')).min(EXPONENT_LIMIT);
    }
    Ok(if negative { -exponent } else { exponent })
}

/// `mantissa * 2^exponent`, rounded once.
fn scale(mantissa: u64, exponent: i64) -> Result<f64, NotANumber> {
    if mantissa == 0 {
        return Ok(0.0);
    }
    let leading = mantissa.leading_zeros();
    let normal = mantissa << leading;
    let top = exponent - i64::from(leading) + 63;
    // 53 bits of a normal number; fewer the further it lies below the smallest one.
    let kept = if top >= -1022 { 53 } else { 53 - (-1022 - top) };
    if kept < 0 {
        return Ok(0.0);
    }
    let dropped = 64 - kept;
    let wide = u128::from(normal);
    let half = 1_u128 << (dropped - 1);
    let (floor, rest) = (wide >> dropped, wide & ((1_u128 << dropped) - 1));
    let rounded = floor + u128::from(rest > half || rest == half && floor & 1 == 1);
    let bits = rounded as u64;
    if top < -1022 {
        return Ok(f64::from_bits(bits));
    }
    if top > 1023 {
        return Err(NotANumber::Range);
    }
    // The leading bit is implied; a carry out of the mantissa raises the exponent by itself.
    let biased = (top + 1023).cast_unsigned();
    Ok(f64::from_bits((biased << 52) + (bits - (1 << 52))))
}
