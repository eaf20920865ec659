//! Pages of lists, and the headers by which each forge tells of the next one.

use serde_json::Value;

use crate::harness::exchange::{Answer, Call};
use crate::harness::forge::Kind;
use crate::harness::world::World;

/// One page of a list, as its forge sends it. Pages are never larger than the plan of the forge says.
pub(crate) fn page(world: &World, call: &Call, items: Vec<Value>) -> Answer {
    let window = Window::of(world, call, items.len());
    let shown = items.into_iter().skip(window.from).take(window.size).collect();
    window.tell(world, call, Answer::json(200, &Value::Array(shown)))
}

/// One page of a list that stands inside of an object, beside its length.
pub(crate) fn page_within(world: &World, call: &Call, name: &str, items: Vec<Value>) -> Answer {
    let window = Window::of(world, call, items.len());
    let total = items.len();
    let shown: Vec<Value> = items.into_iter().skip(window.from).take(window.size).collect();
    let body = serde_json::json!({ "total_count": total, name: shown });
    window.tell(world, call, Answer::json(200, &body))
}

/// Which part of a list is shown.
struct Window {
    from: usize,
    size: usize,
    number: usize,
    pages: usize,
    total: usize,
}

impl Window {
    fn of(world: &World, call: &Call, total: usize) -> Self {
        let name = if world.kind == Kind::Gitea { "limit" } else { "per_page" };
        let size = call.number(name).unwrap_or(world.page_size).clamp(1, world.page_size);
        let number = call.number("page").unwrap_or(1).max(1);
        Self { from: (number - 1) * size, size, number, pages: total.div_ceil(size).max(1), total }
    }

    fn tell(&self, world: &World, call: &Call, answer: Answer) -> Answer {
        let mut links = Vec::new();
        if self.number < self.pages {
            links.push(format!("<{}>; rel=\"next\"", self.link(world, call, self.number + 1)));
            links.push(format!("<{}>; rel=\"last\"", self.link(world, call, self.pages)));
        }
        if self.number > 1 {
            links.push(format!("<{}>; rel=\"first\"", self.link(world, call, 1)));
            links.push(format!("<{}>; rel=\"prev\"", self.link(world, call, self.number - 1)));
        }
        let answer = if links.is_empty() { answer } else { answer.with("link", links.join(", ")) };
        match world.kind {
            Kind::Github => answer,
            Kind::Gitea => answer.with("x-total-count", self.total.to_string()),
            Kind::Gitlab => {
                let next =
                    if self.number < self.pages { (self.number + 1).to_string() } else { String::new() };
                answer
                    .with("x-page", self.number.to_string())
                    .with("x-per-page", self.size.to_string())
                    .with("x-next-page", next)
                    .with("x-total", self.total.to_string())
                    .with("x-total-pages", self.pages.to_string())
            }
        }
    }

    fn link(&self, world: &World, call: &Call, number: usize) -> String {
        let host = world.root.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        let others = call.query.iter().filter(|(name, _)| name != "page");
        let others: String = others.map(|(name, value)| format!("&{name}={value}")).collect();
        format!("{host}{}?page={number}{others}", call.path)
    }
}
