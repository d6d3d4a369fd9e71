use crate::support::World;
use std::time::Instant;

#[test]
#[ignore]
fn measure() {
    let world = World::new();
    let mut li = world.ready("李");
    let mut doors = Vec::new();
    for f in 1..=25 { for r in 1..=4 { doors.push(li.door(&format!("{f}0{r}"))); } }
    li.sync();
    let mut times = Vec::new();
    for n in 0..300 {
        let door = doors[n % 100];
        let t = Instant::now();
        li.visit(door, "老人身体很好,水管已经修好了");
        times.push(t.elapsed().as_micros());
    }
    for (i, d) in doors.iter().enumerate() {
        let t = Instant::now();
        li.resident(*d, "王秀英", &format!("138{:08}", i));
        times.push(t.elapsed().as_micros());
    }
    times.sort_unstable();
    println!("edit us p50 {} p90 {} p99 {} max {}", times[200], times[360], times[396], times[399]);
    let t = Instant::now();
    let r = li.sync();
    println!("sync 400: {:?} {r:?}", t.elapsed());
    let mut wang = world.phone("王");
    let t = Instant::now();
    let r = wang.sync();
    println!("first sync: {:?} {r:?}", t.elapsed());
    let t = Instant::now();
    let li = li.reopen();
    println!("open {:?}", t.elapsed());
    let t = Instant::now();
    li.device.doors(&Default::default()).unwrap();
    println!("doors {:?}", t.elapsed());
}
