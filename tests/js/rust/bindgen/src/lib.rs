// lib.rs -- a program in Rust with what wasm-bindgen gives JavaScript: texts, bytes, big numbers, objects with methods, closures
// both ways, errors, futures, and many values of JavaScript's at once.
use js_sys::{Array, BigInt, Function, Map, Object, Promise, Reflect, Uint8Array};
use std::{cell::RefCell, collections::BTreeMap, fmt, num::ParseIntError};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{spawn_local, JsFuture};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = host)]
    fn write(text: &str);
    #[wasm_bindgen(js_namespace = host)]
    fn each(count: u32, callback: &mut dyn FnMut(u32, String) -> bool) -> u32;
    #[wasm_bindgen(js_namespace = host, catch)]
    fn fails(text: &str) -> Result<u32, JsValue>;
    #[wasm_bindgen(js_namespace = host)]
    fn later(value: f64) -> Promise;
    #[wasm_bindgen(js_namespace = host)]
    fn keep(callback: &Closure<dyn FnMut(JsValue) -> JsValue>);
    #[wasm_bindgen(js_namespace = host, variadic)]
    fn largest(numbers: &[f64]) -> f64;
    #[wasm_bindgen(js_namespace = host)]
    fn bytes() -> Option<Vec<u8>>;

    // A class of JavaScript's.
    #[wasm_bindgen(js_namespace = host)]
    type Shape;
    #[wasm_bindgen(js_namespace = host, constructor)]
    fn new(name: &str, sides: Vec<f64>) -> Shape;
    #[wasm_bindgen(method)]
    fn area(this: &Shape) -> f64;
    #[wasm_bindgen(method, getter)]
    fn name(this: &Shape) -> String;
    #[wasm_bindgen(method, setter)]
    fn set_name(this: &Shape, name: &str);
    #[wasm_bindgen(method, getter)]
    fn missing(this: &Shape) -> Option<f64>;
}

// ---- texts and numbers ---------------------------------------------------------------------------

#[wasm_bindgen]
pub fn words(text: &str) -> JsValue {
    let mut counts = BTreeMap::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        *counts.entry(word.to_lowercase()).or_insert(0) += 1;
    }
    let map = Map::new();
    for (word, count) in counts {
        map.set(&word.into(), &count.into());
    }
    map.into()
}

#[wasm_bindgen]
pub fn reversed(text: Option<String>, first: Option<char>) -> Option<String> {
    Some(first.into_iter().chain(text?.chars().rev()).collect())
}

#[wasm_bindgen]
pub fn joined(parts: Vec<String>, between: char) -> String {
    parts.join(&between.to_string())
}

#[wasm_bindgen]
pub fn split(text: &str) -> Vec<String> {
    text.split('-').map(String::from).collect()
}

#[wasm_bindgen]
pub fn product(a: i64, b: i64) -> i64 {
    a.wrapping_mul(b)
}

#[wasm_bindgen]
pub fn quotient(a: u64, b: Option<u64>) -> Option<u64> {
    a.checked_div(b?)
}

#[wasm_bindgen]
pub fn wide(a: u128, b: i128) -> i128 {
    (a as i128).wrapping_add(b)
}

#[wasm_bindgen]
pub fn factorial(n: u32) -> BigInt {
    (1..=n).fold(BigInt::from(1), |product, each| product * BigInt::from(each))
}

#[wasm_bindgen]
pub fn sums(numbers: &[i64]) -> Vec<i64> {
    numbers.iter().scan(0i64, |sum, each| { *sum = sum.wrapping_add(*each); Some(*sum) }).collect()
}

#[wasm_bindgen]
pub fn halves(numbers: Vec<f32>) -> Box<[f64]> {
    numbers.into_iter().map(|each| each as f64 / 2.0).collect()
}

// ---- bytes ---------------------------------------------------------------------------------------

#[wasm_bindgen]
pub fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for run in bytes.chunk_by(|a, b| a == b) {
        out.extend(run.chunks(255).flat_map(|part| [part.len() as u8, part[0]]));
    }
    out
}

#[wasm_bindgen]
pub fn unpacked(bytes: Vec<u8>) -> Vec<u8> {
    bytes.chunks_exact(2).flat_map(|pair| std::iter::repeat(pair[1]).take(pair[0] as usize)).collect()
}

#[wasm_bindgen]
pub fn scramble(bytes: &mut [u8]) {
    bytes.iter_mut().fold(1u8, |key, byte| { *byte ^= key; key.wrapping_mul(29).wrapping_add(7) });
}

// What JavaScript looks at is our memory itself, at its size of now.
#[wasm_bindgen]
pub fn looked_at(size: usize) -> u32 {
    let bytes: Vec<u8> = (0..size).map(|i| i as u8).collect();
    let view = unsafe { Uint8Array::view(&bytes) };
    view.fill(3, 1, 5);
    bytes[..8].iter().map(|byte| *byte as u32).sum::<u32>() + view.length()
}

// ---- objects -------------------------------------------------------------------------------------

#[wasm_bindgen]
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Kind {
    Plain,
    Bold = 7,
}

#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum Side {
    Left = "left",
    Right = "right",
}

#[wasm_bindgen]
#[derive(Clone)]
pub struct Note {
    text: String,
    pub weight: f64,
    #[wasm_bindgen(readonly)]
    pub kind: Kind,
}

#[wasm_bindgen]
impl Note {
    #[wasm_bindgen(constructor)]
    pub fn new(text: &str, kind: Option<Kind>) -> Result<Note, JsError> {
        if text.is_empty() {
            return Err(JsError::new("a note has a text"));
        }
        Ok(Note { text: text.into(), weight: 1.0, kind: kind.unwrap_or(Kind::Plain) })
    }

    #[wasm_bindgen(getter)]
    pub fn text(&self) -> String {
        self.text.clone()
    }

    #[wasm_bindgen(setter)]
    pub fn set_text(&mut self, text: String) {
        self.text = text;
    }

    pub fn described(&self, side: Side) -> String {
        format!("{:?} {:?} {} {}", self.text, self.kind, self.weight, if let Side::Left = side { '<' } else { '>' })
    }

    // While it is changed, JavaScript may ask it for something, and does not get it.
    pub fn changed(&mut self, how: &Function) -> Result<(), JsValue> {
        self.text = how.call1(&JsValue::NULL, &self.text.as_str().into())?.as_string().unwrap_or_default();
        Ok(())
    }

    pub fn merged(self, other: Note) -> Note {
        Note { text: self.text + &other.text, weight: self.weight + other.weight, kind: other.kind }
    }

    pub fn many(count: u32) -> Vec<Note> {
        (0..count).map(|i| Note { text: format!("note {i}"), weight: i as f64, kind: Kind::Bold }).collect()
    }
}

#[wasm_bindgen]
pub fn heaviest(notes: Vec<Note>) -> Option<Note> {
    notes.into_iter().max_by(|a, b| a.weight.total_cmp(&b.weight))
}

#[wasm_bindgen]
pub fn shapes() -> String {
    let shape = Shape::new("triangle", vec![3.0, 4.0, 5.0]);
    shape.set_name(&(shape.name() + " é"));
    format!("{} {} {:?} {}", shape.name(), shape.area(), shape.missing(), largest(&[1.0, 7.5, -3.0]))
}

// ---- closures ------------------------------------------------------------------------------------

#[wasm_bindgen]
pub fn counter(start: i32) -> JsValue {
    let mut count = start;
    Closure::<dyn FnMut(Option<i32>) -> i32>::new(move |step: Option<i32>| { count += step.unwrap_or(1); count }).into_js_value()
}

#[wasm_bindgen]
pub fn once(text: String) -> JsValue {
    Closure::once_into_js(move |more: String| text + &more)
}

#[wasm_bindgen]
pub fn mapped(list: &Array, function: &Function) -> Result<Array, JsValue> {
    list.iter().enumerate().map(|(i, each)| function.call2(&JsValue::UNDEFINED, &each, &(i as u32).into())).collect()
}

#[wasm_bindgen]
pub fn visited(count: u32) -> String {
    let mut seen = Vec::new();
    let good = each(count, &mut |i, text| { seen.push(text); i % 3 == 0 });
    format!("{good} {}", seen.join(","))
}

thread_local! { static HELD: RefCell<Vec<Closure<dyn FnMut(JsValue) -> JsValue>>> = const { RefCell::new(Vec::new()) }; }

#[wasm_bindgen]
pub fn hold(depth: u32) {
    let callback = Closure::new(move |value: JsValue| {
        if depth > 0 {
            hold(depth - 1);
        }
        Array::of2(&value, &depth.into()).into()
    });
    keep(&callback);
    HELD.with_borrow_mut(|held| held.push(callback));
}

#[wasm_bindgen]
pub fn let_go() -> usize {
    HELD.with_borrow_mut(std::mem::take).len()
}

// ---- errors --------------------------------------------------------------------------------------

#[derive(Debug)]
enum Problem {
    Number(ParseIntError),
    Large(i64),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Problem::Number(why) => write!(f, "no number: {why}"),
            Problem::Large(number) => write!(f, "{number} is too large"),
        }
    }
}

impl std::error::Error for Problem {}

fn read(text: &str) -> Result<i64, Problem> {
    match text.trim().parse().map_err(Problem::Number)? {
        number if number > 1000 => Err(Problem::Large(number)),
        number => Ok(number),
    }
}

#[wasm_bindgen]
pub fn parsed(text: &str) -> Result<i64, JsError> {
    Ok(read(text)?)
}

#[wasm_bindgen]
pub fn refused(value: JsValue) -> Result<(), JsValue> {
    Err(value)
}

#[wasm_bindgen]
pub fn caught(text: &str) -> Result<String, JsValue> {
    match fails(text) {
        Ok(length) => Ok(format!("fine: {length}")),
        Err(why) => match why.dyn_ref::<js_sys::RangeError>() {
            Some(range) => Ok(format!("caught {}: {}", String::from(range.name()), String::from(range.message()))),
            None => Err(Array::of2(&"again".into(), &why).into()),
        },
    }
}

#[wasm_bindgen]
pub fn panics(list: Vec<u32>, at: usize) -> u32 {
    list[at]
}

#[wasm_bindgen]
pub fn deep(n: u32, function: &Function) -> f64 {
    if n == 0 { 0.0 } else { 1.0 + function.call1(&JsValue::NULL, &(n - 1).into()).unwrap_throw().as_f64().unwrap() }
}

// ---- futures -------------------------------------------------------------------------------------

#[wasm_bindgen]
pub async fn waited(value: f64) -> Result<f64, JsValue> {
    let first = JsFuture::from(later(value)).await?.as_f64().unwrap();
    let second = JsFuture::from(later(first * 2.0)).await?.as_f64().unwrap();
    if second > 100.0 { Err(JsError::new("that is too much").into()) } else { Ok(second) }
}

#[wasm_bindgen]
pub async fn text_of(promise: Promise) -> String {
    match JsFuture::from(promise).await {
        Ok(value) => format!("{value:?}"),
        Err(why) => format!("failed: {why:?}"),
    }
}

#[wasm_bindgen]
pub fn started(count: u32, done: Function) {
    for i in 0..count {
        let done = done.clone();
        spawn_local(async move {
            let value = waited(i as f64).await;
            done.call2(&JsValue::NULL, &i.into(), &value.unwrap_or(-1.0).into()).unwrap_throw();
        });
    }
}

// ---- many values ---------------------------------------------------------------------------------

// The table of values grows, and gets holes.
#[wasm_bindgen]
pub fn shuffled(list: Vec<JsValue>, rounds: usize) -> Vec<JsValue> {
    let (mut kept, mut state) = (list, 12345usize);
    for round in 0..rounds {
        state = state.wrapping_mul(1103515245).wrapping_add(12345) % (1 << 31);
        let at = state % kept.len();
        if round % 3 == 0 {
            kept.swap_remove(at);
        } else {
            kept.push(kept[at].clone());
        }
    }
    kept
}

#[wasm_bindgen]
pub fn inspected(value: &JsValue) -> Result<String, JsValue> {
    if let Some(text) = value.as_string() {
        return Ok(format!("{text:?}"));
    }
    if let Some(list) = value.dyn_ref::<Array>() {
        let parts: Result<Vec<_>, _> = list.iter().map(|each| inspected(&each)).collect();
        return Ok(format!("[{}]", parts?.join(", ")));
    }
    if value.is_object() {
        let keys = Object::keys(value.unchecked_ref::<Object>());
        let parts: Result<Vec<_>, JsValue> = keys.iter()
            .map(|key| Ok(format!("{}: {}", key.as_string().unwrap(), inspected(&Reflect::get(value, &key)?)?))).collect();
        return Ok(format!("{{{}}}", parts?.join(", ")));
    }
    Ok(format!("{} {:?} {:?} {}", value.js_typeof().as_string().unwrap(), value.as_f64(), value.as_bool(), value.is_falsy()))
}

#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|what| write(&what.to_string())));
    write(&format!("started; {:?} bytes", bytes().map(|bytes| bytes.len())));
}
