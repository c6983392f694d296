package import Kernel

/// A time in which the clock of a deadline stands still, as in 缓办.
package struct ClockPause: Sendable, Hashable {
    package var start: Instant
    /// Nil while it lasts.
    package var end: Instant?
    /// What proves it: a file or a document number. A pause without evidence does not stop the clock.
    package var evidence: String

    package init(start: Instant, end: Instant?, evidence: String) {
        self.start = start
        self.end = end
        self.evidence = evidence
    }
}

/// The stretches of time in which a clock runs, from one instant on: all of the time or the worked hours only, and
/// never while it is paused.
struct RunningTime {
    struct Stretch: Hashable {
        var start: Instant
        var end: Instant
        var length: Int64 { end.milliseconds(since: start) }
    }

    /// Nil for a clock that runs day and night.
    let calendar: WorkCalendar?
    /// In order, apart from each other.
    let pauses: [Stretch]
    /// Days that a walk may go ahead; far more than the longest limit with the longest pause of a sane case.
    static let maximumDays: Int = 7_320

    /// The clock of `calendar`, or one that runs day and night; `pauses` may overlap.
    init(calendar: WorkCalendar?, pauses: [Stretch]) {
        self.calendar = calendar
        var merged: [Stretch] = []
        for pause in pauses.sorted(by: { $0.start < $1.start }) where pause.length > 0 {
            if let last = merged.last, pause.start <= last.end {
                merged[merged.count - 1].end = max(last.end, pause.end)
            } else {
                merged.append(pause)
            }
        }
        self.pauses = merged
    }

    /// The running stretches of one day, in order.
    func stretches(on date: CivilDate) -> [Stretch] {
        let midnight = Instant(startOf: date)
        let whole: [Stretch]
        if let calendar {
            whole = calendar.periods(on: date).map { period in
                Stretch(
                    start: midnight.adding(minutes: Int64(period.start)),
                    end: midnight.adding(minutes: Int64(period.end)))
            }
        } else {
            whole = [Stretch(start: midnight, end: midnight.adding(days: 1))]
        }
        return whole.flatMap(withoutPauses)
    }

    /// Running milliseconds on `date`.
    func length(on date: CivilDate) -> Int64 { stretches(on: date).reduce(0) { $0 + $1.length } }

    /// Running milliseconds from `start` to `end`; negative if `end` is earlier.
    func length(from start: Instant, to end: Instant) -> Int64 {
        guard start <= end else { return -length(from: end, to: start) }
        var total: Int64 = 0
        var date: CivilDate = start.shanghaiDate
        while Instant(startOf: date) < end {
            for stretch in stretches(on: date) {
                total += max(0, min(stretch.end, end).milliseconds(since: max(stretch.start, start)))
            }
            date = date.adding(days: 1)
        }
        return total
    }

    /// Where a walk ends when its length falls on the end of a stretch.
    enum Edge {
        /// On that end.
        case close
        /// On the beginning of the next stretch.
        case opening
    }

    /// The instant at which the clock that was set off at `start` has run for `length`.
    func instant(after length: Int64, from start: Instant, at edge: Edge) -> Instant {
        if length == 0 && edge == .close { return start }
        var left: Int64 = length
        var date: CivilDate = start.shanghaiDate
        for _ in 0..<RunningTime.maximumDays {
            for stretch in stretches(on: date) where stretch.end > start {
                let begin: Instant = max(stretch.start, start)
                let here: Int64 = stretch.end.milliseconds(since: begin)
                if left < here || (left == here && edge == .close) { return begin.adding(milliseconds: left) }
                left -= here
            }
            date = date.adding(days: 1)
        }
        return Instant(startOf: date)
    }

    private func withoutPauses(_ whole: Stretch) -> [Stretch] {
        var running: [Stretch] = []
        var begin: Instant = whole.start
        for pause in pauses where pause.end > whole.start && pause.start < whole.end {
            if pause.start > begin { running.append(Stretch(start: begin, end: pause.start)) }
            begin = max(begin, pause.end)
        }
        if begin < whole.end { running.append(Stretch(start: begin, end: whole.end)) }
        return running
    }
}
