/// The outside world as far as services may ask it: time, chance and new ids. One is made by the composition root and
/// handed down; tests make their own.
package struct Environment: Sendable {
    package let clock: any Clock
    package let random: any RandomSource
    package let ids: IDSource

    package init(clock: any Clock, random: any RandomSource) {
        self.clock = clock
        self.random = random
        self.ids = IDSource(clock: clock, random: random)
    }

    /// The machine's clock and generator.
    package static func system() -> Environment { Environment(clock: SystemClock(), random: SystemRandom()) }

    /// A world in which nothing happens unasked: time stands at `start` (move it by the `ManualClock` that you pass
    /// to `init` instead, if it must move) and chance follows from `seed`.
    package static func fixed(at start: Instant, seed: UInt64 = 1) -> Environment {
        Environment(clock: ManualClock(start), random: SeededRandom(seed: seed))
    }

    package func now() -> Instant { clock.now() }
    /// An id greater than all ids that this environment gave out before.
    package func newID() -> ID { ids.next() }
    package func randomBytes(_ count: Int) -> [UInt8] { random.bytes(count) }
}
