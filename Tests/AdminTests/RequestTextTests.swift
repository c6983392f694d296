import Contract
import Testing

@testable import linlictl

@Suite("What a dry run shows")
struct RequestTextTests {
    @Test(
        "each field that says something has a line, messages inside are indented, the request id is left out")
    func nested() {
        let request = OneStopV1.SubmitApplicationRequest(
            item: "items/A-1", revision: 3,
            answers: [
                .init(question: "home", value: "organizations/1\n3号楼"),
                .init(question: "phone", fromKnown: true),
            ], requestID: "0b0e")
        #expect(
            RequestText.lines(of: request) == [
                "item: items/A-1", "revision: 3", "answers:", "  question: home", "  value: organizations/1",
                "    3号楼", "  fromKnown: false", "answers:", "  question: phone", "  fromKnown: true",
            ])
    }

    @Test("an answer keeps what is behind the first =, and \\n in it is a line end")
    func answers() throws {
        let (question, value) = try AnswerOptions.parts("home=organizations/1\\n3=4")
        #expect(question == "home" && value == "organizations/1\n3=4")
        #expect(throws: (any Error).self) { try AnswerOptions.parts("home") }
        #expect(throws: (any Error).self) { try AnswerOptions.parts("=x") }
    }
}
