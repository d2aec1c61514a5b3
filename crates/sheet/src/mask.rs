//! Personal numbers with their middle hidden, as notices and exports show them:
//! mobile numbers (138****1234) and identity numbers, recognised by their check
//! digit (GB 11643-1999), so that no contract number or place code is taken for one.

/// `text` with every mobile and identity number in it hidden.
#[must_use]
pub fn masked(text: &str) -> String {
    if text.len() < 11 || !text.bytes().any(|b| b.is_ascii_digit()) {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < letters.len() {
        let run = letters[at..].iter().take_while(|c| c.is_ascii_digit()).count();
        if run == 0 {
            out.push(letters[at]);
            at += 1;
            continue;
        }
        let check = run == 17 && letters.get(at + 17).is_some_and(|c| matches!(c, 'x' | 'X'));
        let number = &letters[at..at + run + usize::from(check)];
        at += number.len();
        match number.len() {
            11 if number[0] == '1' && number[1] >= '3' => hide(&mut out, number, 3, 4),
            18 if is_identity(number) => hide(&mut out, number, 6, 2),
            _ => out.extend(number),
        }
    }
    out
}

fn hide(out: &mut String, number: &[char], first: usize, last: usize) {
    out.extend(&number[..first]);
    out.extend(std::iter::repeat_n('*', number.len() - first - last));
    out.extend(&number[number.len() - last..]);
}

fn is_identity(number: &[char]) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECK: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
    let sum: u32 = number.iter().zip(WEIGHTS).map(|(c, weight)| c.to_digit(10).unwrap_or(0) * weight).sum();
    number.last().map(char::to_ascii_uppercase) == Some(CHECK[(sum % 11) as usize])
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn personal_numbers_are_hidden_and_other_numbers_are_not() {
        assert_eq!(masked("联系人张三 13812345678，备用13900001111"), "联系人张三 138****5678，备用139****1111");
        // The example number of GB 11643-1999.
        assert_eq!(masked("11010519491231002X"), "110105**********2X", "the standard's own example");
        assert_eq!(masked("110105194912310021"), "110105194912310021", "a wrong check digit: it is something else");
        assert_eq!(masked("320902107200"), "320902107200", "a place code");
        assert_eq!(masked("GC-2026-A-001"), "GC-2026-A-001");
        assert_eq!(masked("12345678901"), "12345678901", "no mobile number begins so");
        assert_eq!(masked(&masked("13812345678")), "138****5678", "hidden once");
    }
}
