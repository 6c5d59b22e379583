namespace Elanus.Roles;

/// <summary>The kinds of the coordinators' records on a control channel: 0x0200 to 0x02ff. The payload is the command as JSON (docs/formats.md).</summary>
public static class MetadataRecordKinds
{
    public const ushort Root = 0x0200;
    public const ushort Indexing = 0x0201;
    public const ushort Loading = 0x0202;
}
