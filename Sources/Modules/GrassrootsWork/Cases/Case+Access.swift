import Contract
package import Platform

extension CaseService {
    private typealias Methods = GrassrootsWorkV1.CaseServiceMethods

    /// Who may call what. Where, is the scope of the caller's grants; when, is the workflow, which names the same roles
    /// for each action and has the last word.
    package static let access: [AccessRule] = [
        AccessRule(
            Methods.createCase,
            .staff(.gridWorker, .gridLeader, .counterClerk, .caseAcceptor)),
        AccessRule(Methods.getCase, readers),
        AccessRule(Methods.listCases, readers),
        AccessRule(Methods.listCaseEvents, readers),
        AccessRule(Methods.watchCases, readers),
        AccessRule(Methods.acceptCase, .staff(.caseAcceptor, .dispatcher, .gridLeader)),
        AccessRule(Methods.declineCase, .staff(.caseAcceptor, .dispatcher)),
        AccessRule(Methods.mergeCase, .staff(.caseAcceptor, .dispatcher)),
        AccessRule(Methods.unmergeCase, .staff(.caseAcceptor, .dispatcher)),
        AccessRule(Methods.forwardCase, .staff(.caseAcceptor, .dispatcher)),
        AccessRule(Methods.appealCaseRating, .staff(.gridLeader, .departmentOfficer)),
        AccessRule(Methods.reviewCaseRatingAppeal, .staff(.verifier, .dutyOfficer)),
        AccessRule(Methods.dispatchCase, .staff(.dispatcher, .dutyOfficer)),
        AccessRule(Methods.receiveCase, handlers),
        AccessRule(Methods.returnCase, handlers),
        AccessRule(Methods.reviewReturn, .staff(.dispatcher, .dutyOfficer)),
        AccessRule(Methods.handleCase, handlers),
        AccessRule(Methods.suspendCase, .staff(.gridLeader, .departmentOfficer)),
        AccessRule(Methods.resumeCase, .staff(.gridLeader, .departmentOfficer, .dispatcher, .dutyOfficer)),
        AccessRule(Methods.requestExtension, .staff(.gridLeader, .departmentOfficer)),
        AccessRule(Methods.reviewExtension, .staff(.dispatcher, .dutyOfficer)),
        AccessRule(Methods.verifyCase, .staff(.verifier)),
        AccessRule(Methods.archiveCase, .staff(.caseAcceptor, .dispatcher, .verifier)),
        AccessRule(Methods.listCategories, .anyone),
    ]

    private static let handlers: Audience = .staff(.gridWorker, .gridLeader, .departmentOfficer)
    private static let readers: Audience = .staff(
        .gridWorker, .gridLeader, .counterClerk, .caseAcceptor, .dispatcher, .departmentOfficer, .verifier,
        .dutyOfficer)
}
