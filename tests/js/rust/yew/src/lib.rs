// lib.rs -- a page in Rust with Yew, which draws it as its state changes: a counter with buttons, a list that is changed at all
// places, what is done after drawing, and text that is typed.
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use yew::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = host)]
    fn write(text: &str);
}

// ---- what the page knows -------------------------------------------------------------------------

#[derive(Clone, Default, PartialEq)]
struct Items {
    list: Vec<(u32, AttrValue)>,
    made: u32,
}

enum Change {
    Add(String),
    Remove(u32),
    Reverse,
    Sort,
}

impl Reducible for Items {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut new = (*self).clone();
        match change {
            Change::Add(text) => {
                new.made += 1;
                new.list.insert(new.list.len() / 2, (new.made, text.into()));
            }
            Change::Remove(id) => new.list.retain(|item| item.0 != id),
            Change::Reverse => new.list.reverse(),
            Change::Sort => new.list.sort_by(|a, b| a.1.cmp(&b.1)),
        }
        new.into()
    }
}

// ---- parts ---------------------------------------------------------------------------------------

#[derive(Properties, PartialEq)]
struct ItemProperties {
    id: u32,
    text: AttrValue,
    on_remove: Callback<u32>,
}

// It writes when it comes and goes, so that who is kept is seen.
#[component]
fn Item(ItemProperties { id, text, on_remove }: &ItemProperties) -> Html {
    let (id, style) = (*id, use_context::<AttrValue>().unwrap_or_default());
    use_effect_with((), move |_| {
        write(&format!("item {id} comes"));
        move || write(&format!("item {id} goes"))
    });
    let onclick = on_remove.reform(move |_| id);
    html! { <li class={classes!("item", style)} data-id={id.to_string()}>{ text }<button {onclick}>{ "×" }</button></li> }
}

#[component]
fn Counter() -> Html {
    let count = use_state(|| 0);
    let label = use_memo(*count, |count| match count { 0 => "nothing yet".to_string(), n => format!("{n} × {n} = {}", n * n) });
    use_effect_with(*count, |count| {
        let title = format!("counted to {count}");
        document().set_title(&title);
        move || write(&format!("no longer {title}"))
    });
    let by = |step: i32| {
        let count = count.clone();
        Callback::from(move |_: MouseEvent| count.set(*count + step))
    };
    html! {
        <div id="counter">
            <button id="less" disabled={*count <= 0} onclick={by(-1)}>{ "-" }</button>
            <output>{ &*label }</output>
            <button id="more" onclick={by(1)}>{ "+" }</button>
            if *count % 2 == 1 { <em title="odd">{ "odd & <raw>" }</em> } else { <><i/>{ "even" }</> }
        </div>
    }
}

fn document() -> web_sys::Document {
    web_sys::window().unwrap().document().unwrap()
}

// A component with messages, and with what is drawn for those that it holds.
struct Log {
    clicks: usize,
    places: Vec<String>,
}

#[derive(Properties, PartialEq)]
struct LogProperties {
    children: Html,
}

impl Component for Log {
    type Message = String;
    type Properties = LogProperties;

    fn create(_: &Context<Self>) -> Self {
        Log { clicks: 0, places: Vec::new() }
    }

    fn update(&mut self, _: &Context<Self>, place: String) -> bool {
        self.clicks += 1;
        self.places.push(place);
        self.clicks % 2 == 0
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let place = |event: MouseEvent| event.target_dyn_into().map_or("?".into(), |target: web_sys::Element| target.tag_name().to_lowercase());
        html! {
            <section onclick={context.link().callback(place)}>
                { context.props().children.clone() }
                <p>{ format!("{} clicks: {}", self.clicks, self.places.join(" ")) }</p>
            </section>
        }
    }

    fn rendered(&mut self, _: &Context<Self>, first: bool) {
        write(&format!("log drawn, first: {first}"));
    }

    fn destroy(&mut self, _: &Context<Self>) {
        write(&format!("log ends after {} clicks", self.clicks));
    }
}

#[component]
fn Page() -> Html {
    let items = use_reducer(Items::default);
    let typed = use_state(String::new);
    let field = use_node_ref();
    let oninput = {
        let typed = typed.clone();
        Callback::from(move |event: InputEvent| {
            let input: web_sys::HtmlInputElement = event.target_unchecked_into();
            typed.set(input.value());
        })
    };
    let add = {
        let (items, typed, field) = (items.clone(), typed.clone(), field.clone());
        Callback::from(move |_| {
            items.dispatch(Change::Add(typed.to_string()));
            write(&format!("the field has {:?}", field.cast::<web_sys::HtmlInputElement>().map(|input| input.value())));
            typed.set(String::new());
        })
    };
    let on_remove = {
        let items = items.clone();
        Callback::from(move |id| items.dispatch(Change::Remove(id)))
    };
    let change = |make: fn() -> Change| {
        let items = items.clone();
        Callback::from(move |_: MouseEvent| items.dispatch(make()))
    };
    html! {
        <ContextProvider<AttrValue> context={AttrValue::from(if items.list.len() > 3 { "many" } else { "few" })}>
            <Counter/>
            <Log>
                <input ref={field} value={(*typed).clone()} {oninput}/>
                <button id="add" disabled={typed.is_empty()} onclick={add}>{ "add " }{ &*typed }</button>
                <button id="reverse" onclick={change(|| Change::Reverse)}>{ "reverse" }</button>
                <button id="sort" onclick={change(|| Change::Sort)}>{ "sort" }</button>
                <ul>
                    { for items.list.iter().map(|(id, text)| html! { <Item key={*id} id={*id} text={text.clone()} on_remove={on_remove.clone()}/> }) }
                </ul>
            </Log>
        </ContextProvider<AttrValue>>
    }
}

#[wasm_bindgen]
pub struct Shown(Option<yew::AppHandle<Page>>);

#[wasm_bindgen]
impl Shown {
    #[wasm_bindgen(constructor)]
    pub fn new(place: web_sys::Element) -> Shown {
        Shown(Some(yew::Renderer::<Page>::with_root(place).render()))
    }

    pub fn end(&mut self) {
        self.0.take().expect("it is shown").destroy();
    }
}
