import Foundation
import Kernel
import Platform
import Testing

@testable import OneStop

/// Reads a form in the words of a file.
func form(_ yaml: String) throws -> FormDefinition {
    let (document, root) = try DataDocument.open(yaml)
    let form = FormDefinition.read(root)
    try document.finish()
    return form
}

/// The problems of a form, as `line: text`.
func problems(_ yaml: String) throws -> [DataProblem] {
    do {
        _ = try form(yaml)
        return []
    } catch let error as DataFileError {
        return error.problems
    }
}

/// One question of a kind, the only one of its form.
func question(_ words: String) throws -> FormQuestion {
    try #require(
        try form("questions:\n  - {id: q, ask: {zh: 问, en: ask}, label: {zh: 答, en: answer}, \(words)}")
            .questions.first)
}

let formToday: CivilDate = CivilDate(daysSinceEpoch: 20_780)

/// A household of somebody of 45, a child of 7 and a parent of 82, with a file of each type and a place.
func formContext() -> FormContext {
    func born(_ years: Int, _ sequence: Int) -> String {
        IDNumber(syntheticBornOn: formToday.adding(days: -years * 366), sequence: sequence).text
    }
    return FormContext(
        today: formToday, synthetic: .allowed,
        people: [
            FormPerson(name: "self", fullName: "张晓明", idNumber: born(45, 1)),
            FormPerson(name: "householdMembers/child", fullName: "张小宝", idNumber: born(7, 2)),
            FormPerson(name: "householdMembers/baby", fullName: "张小妹", idNumber: born(2, 4)),
            FormPerson(name: "householdMembers/old", fullName: "李奶奶", idNumber: born(85, 3)),
            FormPerson(name: "householdMembers/unknown", fullName: "王某", idNumber: nil),
        ],
        places: ["organizations/140502001000": FormPlace(pathText: "晋城市 / 城区 / 东街街道")],
        files: [
            "files/photo": FormFile(displayName: "a.jpg", contentType: "image/jpeg"),
            "files/paper": FormFile(displayName: "a.pdf", contentType: "application/pdf"),
        ])
}

/// What a question refuses an answer with, or the answer as it is kept.
func answer(_ input: String, _ question: FormQuestion) -> String {
    do throws(Refusal) {
        return try FormValues.checked(input, question, formContext())
    } catch {
        return error.reason
    }
}

let dataFolder: URL = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "ops/data")

func dataText(_ path: String) throws -> String {
    try String(contentsOf: dataFolder.appending(path: path), encoding: .utf8)
}
