import Contract
import Kernel
import OneStop
import Platform

/// Tells the stories of the one-stop service into the store, through the module's own rules.
struct DemoServiceTeller {
    let services: PastServices
    let files: Files
    let unit: UnitOfWork

    /// What the steps of one story made.
    private struct Made {
        var mandate: String = ""
        var application: String = ""
        /// Applications of a bundle, by item.
        var parts: [String: String] = [:]
        var certificate: String = ""
    }

    /// Tells all steps in the order of their times: what was done last stands first in lists.
    func tell(_ stories: [DemoService]) throws {
        let steps: [(story: Int, step: DemoService.Step)] = stories.enumerated().flatMap { index, story in
            story.steps.map { (index, $0) }
        }
        let inOrder = steps.enumerated().sorted { left, right in
            (left.element.step.time, left.offset) < (right.element.step.time, right.offset)
        }
        guard let first: Instant = inOrder.first?.element.step.time else { return }
        try services.makeKey(for: first, unit)
        var made: [Int: Made] = [:]
        for (_, (index, step)) in inOrder {
            try tell(step, of: stories[index], &made[index, default: Made()])
        }
    }

    private func tell(_ step: DemoService.Step, of story: DemoService, _ made: inout Made) throws {
        let then: UnitOfWork = unit.telling(at: step.time, by: try principal(step.actor))
        switch step.act {
        case .give(let request): made.mandate = try services.give(request, then)
        case .submit(let item, let answers, let papers):
            made.application = try services.submit(
                item: item, answers: answers + uploads(papers, then), mandate: made.mandate, then)
        case .submitBundle(let bundle, let answers, let papers):
            made.parts = try services.submit(bundle: bundle, answers: answers + uploads(papers, then), then)
        case .tell(let what, let part):
            let application: String = part.flatMap { made.parts[$0] } ?? made.application
            try services.tell(what, of: application, then)
        case .issue(let type, let answers):
            made.certificate = try services.issue(
                type: type, holder: story.resident.resourceName, answers: answers, then)
        case .revoke(let reason): try services.revoke(certificate: made.certificate, reason: reason, then)
        }
    }

    private func uploads(_ papers: [DemoService.Paper], _ then: UnitOfWork) throws -> [OneStopV1.FormAnswer] {
        try papers.map { paper in
            OneStopV1.FormAnswer(
                question: paper.question,
                value: try files.keep(pdf: DemoDocument.pdf(paper.title), displayName: paper.name, then))
        }
    }

    private func principal(_ actor: DemoService.Actor) throws -> Principal {
        switch actor {
        case .system: return .system
        case .resident(let person):
            return Principal(
                kind: .resident, id: person.id, displayName: person.name.text, level: .idNumber,
                homeCode: person.home, synthetic: true)
        case .staff(let member):
            let grants: [Grant] = try member.grants.map { grant in
                Grant(
                    role: grant.role, scopeCode: grant.scope,
                    scopePath: try Organizations.get(unit.connection, grant.scope).path,
                    departmentCode: grant.department)
            }
            return Principal(
                kind: .staff, id: member.id, displayName: member.name.text, grants: grants, synthetic: true)
        }
    }
}
