//! Slots, generations and what is told of them, without a browser.
use super::*;
use crate::{model, parse_lanes, parse_link};
use vanishing_core::studies::jacobians;

fn network(query: &str) -> NetworkConfig {
    jacobians::decisive(&model::configs(&parse_link(query).0).network)
}

fn seen(jacobians: &NetworkConfig) -> Wanted<'_> {
    Wanted { jacobians: Some(jacobians), ..Wanted::default() }
}

fn worked(jobs: &mut Jobs, shown: &mut Laboratory, job: JobId, reply: &[f64], now: f64) -> News {
    jobs.worked(job, reply, now, Shown { laboratory: shown, workbench: &mut Workbench::default() })
}

fn dispatch(jobs: &mut Jobs, wanted: Wanted<'_>) -> Vec<Work> {
    let (laboratory, workbench) = (&mut Laboratory::default(), &mut Workbench::default());
    jobs.dispatch(false, wanted, Shown { laboratory, workbench })
}

/// Has an order carried out; without time, as little of it as can be.
fn reply(worker: &mut Worker, work: &Work, budget: f64) -> Vec<f64> {
    if !work.numbers.is_empty() {
        worker.give(work.numbers.clone());
    }
    worker.work(&work.order, &|| 0.0, budget).unwrap().numbers()
}

#[test]
fn a_search_goes_on_by_slices_and_another_network_begins_another() {
    let (one, other) = (network("hidden-size=70&sequence-length=5"), network("hidden-size=71&sequence-length=5"));
    let (mut jobs, mut worker, mut shown) = (Jobs::default(), Worker::default(), Laboratory::default());
    assert_eq!(dispatch(&mut jobs, Wanted::default()), []);
    let [first] = &dispatch(&mut jobs, seen(&one))[..] else { panic!("an order") };
    assert!(first.place == Where::Worker && !first.numbers.is_empty());
    assert_eq!(dispatch(&mut jobs, seen(&one)), [], "one order at a time");
    assert_eq!(jobs.jacobians(Some(&one)), Search::Going(0.0));
    let old = reply(&mut worker, first, -1.0);
    assert_eq!(dispatch(&mut jobs, seen(&other)), [], "one order at a time, whatever it is about");
    assert_eq!(worked(&mut jobs, &mut shown, JobId::Jacobians, &old, 0.0), News::Nothing);
    let [second] = &dispatch(&mut jobs, seen(&other))[..] else { panic!("the slot is free again") };
    assert!(!second.numbers.is_empty());
    let some = reply(&mut worker, second, -1.0);
    assert_eq!(worked(&mut jobs, &mut shown, JobId::Jacobians, &some, 0.0), News::JacobiansProgress);
    let [third] = &dispatch(&mut jobs, seen(&other))[..] else { panic!("the next slice") };
    assert!(third.numbers.is_empty(), "the worker has them");
    let all = reply(&mut worker, third, f64::INFINITY);
    let news = worked(&mut jobs, &mut shown, JobId::Jacobians, &all, 0.0);
    assert!(matches!(news, News::Jacobians(study) if study.state_size == 71));
    // Whoever wants them again, wants them from the beginning.
    assert!(!dispatch(&mut jobs, seen(&other))[0].numbers.is_empty());
}

#[test]
fn what_was_given_up_is_not_begun_again_and_what_died_with_its_worker_is() {
    let one = network("hidden-size=70&sequence-length=5");
    let (mut jobs, mut shown) = (Jobs::default(), Laboratory::default());
    let worker = dispatch(&mut jobs, seen(&one))[0].worker;
    jobs.trouble(worker, "it ended");
    let again = &dispatch(&mut jobs, seen(&one))[0];
    assert!(again.place == Where::Page && !again.numbers.is_empty());
    jobs.give_up_searches();
    worked(&mut jobs, &mut shown, JobId::Jacobians, &[], 0.0);
    assert_eq!(dispatch(&mut jobs, seen(&one)), []);
    assert_eq!(jobs.jacobians(Some(&one)), Search::GivenUp);
    assert_eq!(dispatch(&mut jobs, seen(&network("hidden-size=72&sequence-length=5"))).len(), 1);
}

#[test]
fn runs_that_go_on_are_looked_at_a_few_times_a_second_and_at_once_when_all_is_settled() {
    let (mut jobs, mut shown, mut worker) = (Jobs::default(), Laboratory::default(), Worker::default());
    let lanes = parse_lanes("hidden-size=3&sequence-length=4&batch-size=2").0;
    assert!(jobs.configure(&lanes, 1, (7, 0.0), true, &mut shown));
    assert!(!jobs.configure(&lanes, 1, (7, 0.0), true, &mut shown));
    jobs.run(true, &mut shown);
    let mut looks = Vec::new();
    for slice in 1..=7 {
        let before = jobs.revision();
        let work = dispatch(&mut jobs, Wanted::default()).remove(0);
        let reply = reply(&mut worker, &work, -1.0);
        let news = worked(&mut jobs, &mut shown, work.job, &reply, 90.0 * f64::from(slice));
        assert_eq!(jobs.revision() > before, news == News::Runs);
        looks.push(news == News::Runs);
    }
    assert_eq!(looks, [true, false, false, true, false, false, true]);
    assert_eq!((shown.lanes[0].history.updates, jobs.training().is_running()), (7, false));
    // The address forbids workers: that is to be seen.
    let before = jobs.revision();
    assert!(!jobs.configure(&lanes, 1, (7, 0.0), false, &mut shown));
    assert!(jobs.revision() > before && jobs.on_page() == Some("the address says workers=0"));
}
