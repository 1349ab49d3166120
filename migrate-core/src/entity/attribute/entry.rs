//! The words of an attribute as a tree, before anybody asks what they mean.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, Ident, Lit, LitInt, LitStr, Token, token};

/// One item between commas: `unique`, `length = 100`, `references(Execution)`, `"lower(a)" desc`.
#[derive(Clone)]
pub(super) struct Entry {
    /// Its first word without `r#`; empty where it begins with a string or a path.
    pub(super) key: String,
    /// Where that is.
    pub(super) span: Span,
    pub(super) value: Value,
    /// The words behind it: `desc nulls_last`, and strings among them.
    pub(super) words: Vec<(String, Span)>,
}

/// What an item says.
#[derive(Clone)]
pub(super) enum Value {
    /// Nothing more than that it is there.
    Flag,
    Text(LitStr),
    Integer(LitInt),
    /// A name with `::`, or one behind `=`.
    Path(syn::Path),
    /// Anything else behind `=`.
    Other(Span),
    List(Vec<Entry>),
}

impl Entry {
    /// Returns what it says, for a message.
    pub(super) fn shape(&self) -> &'static str {
        match &self.value {
            Value::Flag => "nothing",
            Value::Text(_) => "a text",
            Value::Integer(_) => "a number",
            Value::Path(_) => "a name",
            Value::Other(_) => "something else",
            Value::List(_) => "a list",
        }
    }

    /// Returns where its value is.
    pub(super) fn value_span(&self) -> Span {
        match &self.value {
            Value::Flag | Value::List(_) => self.span,
            Value::Text(text) => text.span(),
            Value::Integer(number) => number.span(),
            Value::Path(path) => path.segments.first().map_or(self.span, |first| first.ident.span()),
            Value::Other(span) => *span,
        }
    }
}

/// Reads the items of an attribute.
pub(super) fn entries(attribute: &Attribute) -> syn::Result<Vec<Entry>> {
    match &attribute.meta {
        syn::Meta::Path(_) => Ok(Vec::new()),
        syn::Meta::List(_) => attribute.parse_args_with(list_of),
        syn::Meta::NameValue(value) => {
            let name = attribute.path().get_ident().map(ToString::to_string).unwrap_or_default();
            Err(syn::Error::new(value.eq_token.span, format!("expected `#[{name}(…)]`")))
        }
    }
}

fn list_of(input: ParseStream<'_>) -> syn::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    while !input.is_empty() {
        entries.push(entry(input)?);
        if input.is_empty() {
            break;
        }
        if !input.peek(Token![,]) {
            return Err(input.error("expected `,`"));
        }
        input.parse::<Token![,]>()?;
    }
    Ok(entries)
}

fn entry(input: ParseStream<'_>) -> syn::Result<Entry> {
    if input.peek(LitStr) {
        let text: LitStr = input.parse()?;
        let span = text.span();
        return Ok(Entry { key: String::new(), span, value: Value::Text(text), words: words(input)? });
    }
    if input.peek(Token![::]) || input.peek2(Token![::]) {
        let path: syn::Path = input.call(syn::Path::parse_mod_style)?;
        let span = path.segments.first().map_or_else(Span::call_site, |first| first.ident.span());
        return Ok(Entry { key: String::new(), span, value: Value::Path(path), words: words(input)? });
    }
    if !input.peek(Ident::peek_any) {
        return Err(input.error("expected a name or a text in quotes"));
    }
    let name = input.call(Ident::parse_any)?;
    let value = if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        value(input)?
    } else if input.peek(token::Paren) {
        let content;
        syn::parenthesized!(content in input);
        Value::List(list_of(&content)?)
    } else {
        Value::Flag
    };
    Ok(Entry { key: name.unraw().to_string(), span: name.span(), value, words: words(input)? })
}

fn words(input: ParseStream<'_>) -> syn::Result<Vec<(String, Span)>> {
    let mut words = Vec::new();
    while input.peek(Ident::peek_any) || input.peek(LitStr) {
        if input.peek(LitStr) {
            let text: LitStr = input.parse()?;
            words.push((text.value(), text.span()));
        } else {
            let word = input.call(Ident::parse_any)?;
            words.push((word.unraw().to_string(), word.span()));
        }
    }
    Ok(words)
}

fn value(input: ParseStream<'_>) -> syn::Result<Value> {
    if input.peek(Lit) {
        return Ok(match input.parse()? {
            Lit::Str(text) => Value::Text(text),
            Lit::Int(number) => Value::Integer(number),
            other => Value::Other(other.span()),
        });
    }
    if input.peek(Ident::peek_any) || input.peek(Token![::]) {
        return Ok(Value::Path(input.call(syn::Path::parse_mod_style)?));
    }
    if input.is_empty() {
        return Err(input.error("expected a value behind `=`"));
    }
    // Up to the comma, so that the rest of the list is still read.
    let span = input.span();
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<proc_macro2::TokenTree>()?;
    }
    Ok(Value::Other(span))
}
