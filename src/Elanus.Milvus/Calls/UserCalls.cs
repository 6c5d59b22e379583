using System.Text;
using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Common;
using Elanus.Rpc;

namespace Elanus.Milvus;

/// <summary>Calls about users. With authentication on, only root manages users; everyone may change the own password.</summary>
public sealed class UserCalls(Proxy proxy) : ICallGroup
{
    public void Route(CallRoutes routes) => routes
        .AddGuarded<CreateCredentialRequest, Status>("CreateCredential", Create)
        .AddGuarded<UpdateCredentialRequest, Status>("UpdateCredential", Update)
        .AddGuarded<DeleteCredentialRequest, Status>("DeleteCredential", Delete)
        .AddGuarded<ListCredUsersRequest, ListCredUsersResponse>("ListCredUsers", List)
        .AddGuarded<SelectUserRequest, SelectUserResponse>("SelectUser", Select)
        .AddGuarded<SelectRoleRequest, SelectRoleResponse>("SelectRole", SelectRoles);

    public async Task<RpcResult<Status>> Create(CreateCredentialRequest request, CallScope scope)
    {
        if (Refused(scope, "PrivilegeCreateOwnership") is { } refusal)
        {
            return refusal;
        }

        return Password(request.Password).TryGet(out var password, out var failure)
            ? Statuses.Of(await proxy.Users.Create(request.Username, password, scope.Cancel))
            : Statuses.Of(failure);
    }

    public async Task<RpcResult<Status>> Update(UpdateCredentialRequest request, CallScope scope)
    {
        if (request.Username != scope.User && Refused(scope, "PrivilegeUpdateUser") is { } refusal)
        {
            return refusal;
        }

        return Password(request.OldPassword).TryGet(out var old, out var failure) && Password(request.NewPassword).TryGet(out var fresh, out failure)
            ? Statuses.Of(await proxy.Users.Update(request.Username, old, fresh, scope.Cancel))
            : Statuses.Of(failure);
    }

    public async Task<RpcResult<Status>> Delete(DeleteCredentialRequest request, CallScope scope) =>
        Refused(scope, "PrivilegeDropOwnership") is { } refusal ? refusal : Statuses.Of(await proxy.Users.Drop(request.Username, scope.Cancel));

    public Task<RpcResult<ListCredUsersResponse>> List(ListCredUsersRequest request, CallScope scope) => Task.FromResult<RpcResult<ListCredUsersResponse>>(
        Refused(scope, "PrivilegeSelectOwnership") is { } refusal
            ? refusal
            : new ListCredUsersResponse { Status = Statuses.Ok(), Usernames = { proxy.Users.Names } });

    /// <summary>One user, or all; one that is not there is no failure, as in Milvus. None has a role, for there are none.</summary>
    public Task<RpcResult<SelectUserResponse>> Select(SelectUserRequest request, CallScope scope)
    {
        var asked = request.User?.Name ?? "";
        if ((asked.Length == 0 || asked != scope.User) && Refused(scope, "PrivilegeSelectUser") is { } refusal)
        {
            return Task.FromResult<RpcResult<SelectUserResponse>>(refusal);
        }

        var reply = new SelectUserResponse { Status = Statuses.Ok() };
        reply.Results.AddRange(proxy.Users.Names.Where(name => asked.Length == 0 || name == asked).Select(name => new UserResult { User = new() { Name = name } }));
        return Task.FromResult<RpcResult<SelectUserResponse>>(reply);
    }

    /// <summary>There are no roles yet.</summary>
    public static Task<RpcResult<SelectRoleResponse>> SelectRoles(SelectRoleRequest request, CallScope scope) => Task.FromResult<RpcResult<SelectRoleResponse>>(
        Refused(scope, "PrivilegeSelectOwnership") is { } refusal ? refusal : new SelectRoleResponse { Status = Statuses.Ok() });

    /// <summary>Null where the caller may manage users: root, or anyone while authentication is off.</summary>
    private static RpcStatus? Refused(CallScope scope, string privilege) => scope.User is "" or UserCoord.RootName
        ? null
        : new(RpcStatusCode.PermissionDenied, $"{privilege}: permission deny to {scope.User} in the `{scope.Database("")}` database");

    /// <summary>Passwords travel as base64 of their UTF-8 bytes.</summary>
    private static Result<string> Password(string encoded)
    {
        var bytes = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : Failure.Invalid("decode password fail: it is not base64");
    }
}
