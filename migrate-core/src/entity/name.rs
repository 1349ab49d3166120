//! Names in SQL of names in Rust.

/// Returns a name in snake_case: words begin at capitals, and the last of several capitals begins one too.
///
/// ```
/// use migrate_core::entity::snake_case;
///
/// assert_eq!(snake_case("ExecutionStep"), "execution_step");
/// assert_eq!(snake_case("HTTPServer2Log"), "http_server2_log");
/// ```
pub fn snake_case(name: &str) -> String {
    words(name).join("_")
}

/// Returns the words of a name, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    for part in name.split('_').filter(|part| !part.is_empty()) {
        let letters: Vec<char> = part.chars().collect();
        let mut word = String::new();
        for (n, letter) in letters.iter().enumerate() {
            let before = n.checked_sub(1).map(|n| letters[n]);
            let after_small = before.is_some_and(|before| !before.is_uppercase());
            let before_small = letters.get(n + 1).is_some_and(|next| next.is_lowercase());
            if letter.is_uppercase() && !word.is_empty() && (after_small || before_small) {
                words.push(std::mem::take(&mut word));
            }
            word.extend(letter.to_lowercase());
        }
        words.push(word);
    }
    words
}

/// The ways to write a label, as serde names them.
pub(super) const RENAME_ALL: [&str; 8] = [
    "lowercase",
    "UPPERCASE",
    "PascalCase",
    "camelCase",
    "snake_case",
    "SCREAMING_SNAKE_CASE",
    "kebab-case",
    "SCREAMING-KEBAB-CASE",
];

/// Returns a variant's name written in one of the ways of [`RENAME_ALL`], as serde does it.
pub(super) fn rename(name: &str, way: &str) -> Option<String> {
    let upper = |text: &str| text.to_uppercase();
    // serde looks at each capital by itself.
    let mut snake = String::new();
    for (n, letter) in name.char_indices() {
        if n > 0 && letter.is_uppercase() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    Some(match way {
        "lowercase" => name.to_lowercase(),
        "UPPERCASE" => upper(name),
        "PascalCase" => name.to_owned(),
        "camelCase" => {
            let mut letters = name.chars();
            letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
        }
        "snake_case" => snake,
        "SCREAMING_SNAKE_CASE" => upper(&snake),
        "kebab-case" => snake.replace('_', "-"),
        "SCREAMING-KEBAB-CASE" => upper(&snake).replace('_', "-"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_into_words_as_heck_does() {
        // Promise: the default name of a table is the one that other tools make of the struct.
        for (name, expect) in [
            ("Execution", "execution"),
            ("ExecutionStepModel", "execution_step_model"),
            ("XMLHttpRequest", "xml_http_request"),
            ("OAuth2Token", "o_auth2_token"),
            ("ABC", "abc"),
            ("User2FA", "user2_fa"),
            ("already_snake", "already_snake"),
            ("Über", "über"),
        ] {
            assert_eq!(snake_case(name), expect, "{name}");
        }
    }

    #[test]
    fn labels_are_renamed_as_serde_does() {
        // Promise: `rename_all` means what it means for serde and sqlx.
        let all = RENAME_ALL.map(|way| rename("InProgress", way).expect("it is one"));
        let expect = [
            "inprogress",
            "INPROGRESS",
            "InProgress",
            "inProgress",
            "in_progress",
            "IN_PROGRESS",
            "in-progress",
            "IN-PROGRESS",
        ];
        assert_eq!(all, expect);
        assert_eq!(rename("A", "snakecase"), None);
    }
}
