namespace System;

public abstract class MulticastDelegate : Delegate
{
    private protected MulticastDelegate()
    {
    }
}
