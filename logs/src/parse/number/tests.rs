//! Numbers as text.

use proptest::prelude::*;

use super::NotANumber::{NotFinite, Range, Syntax};
use super::{
    read_float, read_float32, read_signed, read_unsigned, write_float, write_float32, write_signed, write_unsigned,
};

fn text_of(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).expect("digits")
}

fn float(number: f64) -> String {
    text_of(|out| write_float(number, out))
}

#[test]
fn whole_numbers_are_a_sign_and_digits() {
    for (text, value) in [
        ("0", 0),
        ("-0", 0),
        ("+5", 5),
        ("-5", -5),
        ("007", 7),
        ("9223372036854775807", i64::MAX),
        ("-9223372036854775808", i64::MIN),
    ] {
        assert_eq!(read_signed(text, 64), Ok(value), "{text}");
    }
    for text in ["", "-", "+", " 5", "5 ", "1.0", "1e3", "0x10", "1_0", "--1", "+-1", "٣", "5a"] {
        assert_eq!(read_signed(text, 64), Err(Syntax), "{text}");
        assert_eq!(read_unsigned(text, 64), Err(Syntax), "{text}");
    }
}

#[test]
fn whole_numbers_have_their_range() {
    for (text, bits) in [
        ("9223372036854775808", 64),
        ("-9223372036854775809", 64),
        ("2147483648", 32),
        ("32768", 16),
        ("-129", 8),
        ("99999999999999999999999", 64),
        ("184467440737095516160", 64),
    ] {
        assert_eq!(read_signed(text, bits), Err(Range), "{text}");
    }
    assert_eq!(
        (read_signed("-128", 8), read_signed("127", 8), read_signed("-32768", 16)),
        (Ok(-128), Ok(127), Ok(-32768))
    );
    assert_eq!(
        (read_unsigned("255", 8), read_unsigned("18446744073709551615", 64), read_unsigned("+1", 16)),
        (Ok(255), Ok(u64::MAX), Ok(1))
    );
    for (text, bits) in [("256", 8), ("65536", 16), ("18446744073709551616", 64), ("-1", 64)] {
        assert_eq!(read_unsigned(text, bits), Err(Range), "{text}");
    }
}

#[test]
fn floats_are_read_by_the_rules_of_go() {
    for (text, value) in [
        ("1", 1.0),
        ("-1.5", -1.5),
        ("+.5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("1E-2", 0.01),
        ("1_000", 1000.0),
        ("1_23.50_0_0e+1_2", 1.235e14),
        ("0x1p-2", 0.25),
        ("-0x1.8P+1", -3.0),
        ("0x_1_2.3_4_5p+1_2", 74565.0),
        ("0x.8p1", 1.0),
        ("0x10p0", 16.0),
        ("1e-400", 0.0),
        ("007.5", 7.5),
        ("0x1p-1074", 5e-324),
        ("0x1p-1075", 0.0),
        ("0x1.8p-1075", 5e-324),
        ("0x1.fffffffffffffp1023", f64::MAX),
        ("0x1.00000000000008p0", 1.0),
        ("0x1.00000000000018p0", 1.0 + 2.0 * f64::EPSILON),
        ("0x1.000000000000080000000001p0", 1.0 + f64::EPSILON),
        ("0x0p99999999", 0.0),
        ("0x1p-1022", f64::MIN_POSITIVE),
        ("0x100000000000000000p0", 2f64.powi(68)),
    ] {
        assert_eq!(read_float(text), Ok(value), "{text}");
    }
    for text in [
        "",
        ".",
        "-",
        "e5",
        "1e",
        "1e+",
        " 1",
        "1 ",
        "1,5",
        "_1",
        "1_",
        "1__2",
        "1_.5",
        "1._5",
        "1_e5",
        "1e_5",
        "0x1",
        "0x",
        "0xp1",
        "0x1p",
        "0x1.g0p1",
        "0x1p1.5",
        "abc",
        "1x",
        "0x1.2.3p1",
        "++1",
    ] {
        assert_eq!(read_float(text), Err(Syntax), "{text}");
    }
    for text in ["inf", "-Inf", "+INFINITY", "NaN", "nan"] {
        assert_eq!(read_float(text), Err(NotFinite), "{text}");
    }
    for text in ["1e400", "-1e309", "0x1p1024", "0x1.fffffffffffff8p1023", "0x1p99999999999"] {
        assert_eq!(read_float(text), Err(Range), "{text}");
    }
    assert_eq!((read_float32("0.1"), read_float32("1e39"), read_float32("0x1p-2")), (Ok(0.1), Err(Range), Ok(0.25)));
}

#[test]
fn floats_are_written_in_the_fewest_digits() {
    for (number, text) in [
        (60.0, "60"),
        (0.0, "0"),
        (-0.0, "-0"),
        (1.5, "1.5"),
        (-0.1, "-0.1"),
        (0.000001, "0.000001"),
        (1e-7, "1e-07"),
        (0.000_000_999, "9.99e-07"),
        (1.25e-10, "1.25e-10"),
        (1e-100, "1e-100"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (1.234e22, "1.234e+22"),
        (999_999_999_999_999_900_000.0, "999999999999999900000"),
        (123_456.789, "123456.789"),
        (9_007_199_254_740_993.0, "9007199254740992"),
        (1e16, "10000000000000000"),
        (12_345_678_901_234_567_890.0, "12345678901234567000"),
        (f64::MAX, "1.7976931348623157e+308"),
        (5e-324, "5e-324"),
        (0.3, "0.3"),
        (1e5, "100000"),
        (0.05, "0.05"),
        (-123e-9, "-1.23e-07"),
        (f64::INFINITY, "null"),
        (f64::NAN, "null"),
    ] {
        assert_eq!(float(number), text, "{number:e}");
    }
    for (number, text) in [
        (0.1_f32, "0.1"),
        (60.0, "60"),
        (1e-6, "0.000001"),
        (1e-7, "1e-07"),
        (16_777_216.0, "16777216"),
        (3.4e38, "3.4e+38"),
        (1e21, "1e+21"),
        (1e20, "100000000000000000000"),
        (-0.0, "-0"),
        (f32::NAN, "null"),
    ] {
        assert_eq!(text_of(|out| write_float32(number, out)), text, "{number:e}");
    }
}

proptest! {
    #[test]
    fn whole_numbers_survive(signed in any::<i64>(), unsigned in any::<u64>()) {
        let (signed_text, unsigned_text) = (text_of(|out| write_signed(signed, out)), text_of(|out| write_unsigned(unsigned, out)));
        prop_assert_eq!(&signed_text, &signed.to_string());
        prop_assert_eq!(read_signed(&signed_text, 64), Ok(signed));
        prop_assert_eq!(&unsigned_text, &unsigned.to_string());
        prop_assert_eq!(read_unsigned(&unsigned_text, 64), Ok(unsigned));
    }

    #[test]
    fn floats_survive(bits in any::<u64>(), narrow in any::<u32>()) {
        let (number, narrow) = (f64::from_bits(bits), f32::from_bits(narrow));
        if number.is_finite() {
            prop_assert_eq!(read_float(&float(number)), Ok(number));
            prop_assert!(serde_json::from_str::<f64>(&float(number)).is_ok());
        }
        if narrow.is_finite() {
            prop_assert_eq!(read_float32(&text_of(|out| write_float32(narrow, out))), Ok(narrow));
        }
    }

    #[test]
    fn hexadecimal_floats_are_exact(mantissa in any::<u32>(), exponent in -60_i32..60) {
        prop_assert_eq!(read_float(&format!("0x{mantissa:x}p{exponent}")), Ok(f64::from(mantissa) * 2f64.powi(exponent)));
    }

    #[test]
    fn no_text_breaks_reading(text in "(0x|[0-9a-fp_.+-]|inf|\\PC){0,14}") {
        _ = (read_float(&text), read_float32(&text), read_signed(&text, 64), read_unsigned(&text, 8));
    }
}
