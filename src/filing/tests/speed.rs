//! How long reading takes: `cargo test --release --lib filing::tests::speed -- --ignored --nocapture`.

use std::fmt::Write;
use std::hint::black_box;
use std::time::Instant;

use super::super::read_json_into;
use super::*;

/// About three kilobytes, as programs write it: compact, keys in the schema's order.
fn sample() -> String {
    let person =
        |name: &str| format!(r#"{{"name":"{name}","phone":"13800000000","expires":"2031-05-06","student":false}}"#);
    let mut services = String::new();
    for index in 0..10 {
        let comma = if index > 0 { "," } else { "" };
        let _ = write!(
            services,
            r#"{comma}{{"name":"某某记账服务{index}","paid":true,"features":["aa","bb"],"regions":["44","31"],"principal":{},"domains":[{{"name":"example{index}.com.cn","expires":"2029-01-02","ips":["192.0.2.1"]}}]}}"#,
            person("张三")
        );
    }
    format!(
        r#"{{"filing":{{"province":"44","date":"2026-11-24","remark":"无","count":2}},"subject":{{"nature":"enterprise","name":"深圳市某某科技有限公司","region":"440305","certificate":{{"number":"91440300MA5EXAMPLE","kind":"aa"}},"principal":{}}},"services":[{services}]}}"#,
        person("李四")
    )
}

#[test]
#[ignore = "measures, and only an optimized build is worth measuring"]
fn reading_three_kilobytes() {
    let schema = schema();
    let text = sample();
    let mut document = Document::empty(&schema);
    let mut best = f64::MAX;
    for _ in 0..50 {
        let rounds = 2_000;
        let start = Instant::now();
        for _ in 0..rounds {
            read_json_into(&schema, black_box(&text), &mut document).expect("is a filing");
            black_box(&document);
        }
        best = best.min(start.elapsed().as_secs_f64() / f64::from(rounds) * 1e6);
    }
    println!("{} bytes, {} slots: {best:.2} µs", text.len(), document.slots.len());
}

#[test]
fn the_sample_is_a_filing_of_three_kilobytes() {
    let schema = schema();
    assert!((2_500..3_500).contains(&sample().len()), "{}", sample().len());
    assert!(read_json(&schema, &sample()).is_ok());
}
