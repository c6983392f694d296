import Kernel
import Testing

@Suite struct InstantTests {
    @Test func differencesAreSigned() {
        let noon: Instant = Instant(seconds: 1_000)
        #expect(noon.adding(seconds: 5).milliseconds(since: noon) == 5_000)
        #expect(noon.milliseconds(since: noon.adding(seconds: 5)) == -5_000)
        #expect(noon < noon.adding(milliseconds: 1))
    }
}
